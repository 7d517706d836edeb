package io.tailrace.kit.retention;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import java.time.Instant;

/**
 * How long the seats of a show are known. The dispatcher that decides, the projections that copy and the API that reads share it.
 * Immutable.
 *
 * @param forgetAfter how long after its start a show's seats and reservations are known; after that, requests for them are 404.
 *     The same for all services; at least twice the dispatcher's {@code repeat-window} and two hours
 */
@ConfigurationProperties("tailrace.shows")
public record ShowRetention(@Bindable(defaultValue = "7d") Duration forgetAfter) {
    /** Checks the range. */
    public ShowRetention {
        if (forgetAfter.isNegative()) {
            throw new IllegalArgumentException("tailrace.shows.forget-after: " + forgetAfter
                    + ", expected at least twice repeat-window and two hours");
        }
    }

    /** Whether the seats of a show that begins at {@code startsAt} are no longer known at {@code now}. */
    public boolean isForgotten(Instant startsAt, Instant now) {
        return Duration.between(startsAt, now).compareTo(forgetAfter) >= 0;
    }
}
