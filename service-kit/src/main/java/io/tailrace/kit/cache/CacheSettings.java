package io.tailrace.kit.cache;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * Caches of what projections hold. How many values each has in a process is a setting of its owner's. Immutable.
 *
 * @param shared whether values are put into Redis, too, where other processes find them
 * @param keep how long a copy lives in Redis; a process that starts reads as much of the topics' past to know what has changed
 * @param maxSharedCharacters longer values are not put into Redis
 * @param maxChanges of how many keys of a partition it is known when they changed last; copies in Redis that are older than the
 *     oldest of these changes are not used
 * @param maxWait how long a read of a value that may change waits until its changes are known; then it goes past the cache
 * @param generationCheck how often to look whether a topic is still the same one
 * @param rest how long Redis is not asked for copies after it has failed
 */
@ConfigurationProperties("tailrace.cache")
public record CacheSettings(
        @Bindable(defaultValue = "true") boolean shared,
        @Bindable(defaultValue = "10m") Duration keep,
        @Bindable(defaultValue = "65536") int maxSharedCharacters,
        @Bindable(defaultValue = "10000") int maxChanges,
        @Bindable(defaultValue = "2s") Duration maxWait,
        @Bindable(defaultValue = "10s") Duration generationCheck,
        @Bindable(defaultValue = "1s") Duration rest) {
    /** Checks the ranges. */
    public CacheSettings {
        atLeastOne("keep", keep.toMillis());
        atLeastOne("max-shared-characters", maxSharedCharacters);
        atLeastOne("max-changes", maxChanges);
        atLeastOne("max-wait", maxWait.toMillis());
        atLeastOne("generation-check", generationCheck.toMillis());
        atLeastOne("rest", rest.toMillis());
    }

    private static void atLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException("tailrace.cache." + name + ": " + value + ", expected at least 1");
        }
    }
}
