package io.tailrace.kit.security;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * Whose tokens are refused because they were erased. Immutable.
 *
 * @param window how far back a service looks when it starts, and at least how long a token of somebody who was erased is
 *     refused: no token of a person should be valid for longer
 * @param max how many people are remembered; beyond it the ones who were erased first are forgotten
 */
@ConfigurationProperties("tailrace.erased-people")
public record ErasedPeopleSettings(
        @Bindable(defaultValue = "24h") Duration window, @Bindable(defaultValue = "1000000") int max) {
    /** Checks the ranges. */
    public ErasedPeopleSettings {
        if (max < 1) {
            throw new IllegalArgumentException("tailrace.erased-people.max: " + max + ", expected at least 1");
        }
    }
}
