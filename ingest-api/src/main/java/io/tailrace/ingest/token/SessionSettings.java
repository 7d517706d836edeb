package io.tailrace.ingest.token;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How long somebody stays signed in. Immutable.
 *
 * @param accessTtl how long an access token holds
 * @param refreshTtl how long a refresh token can be used
 * @param sweepInterval how often refresh tokens that have expired are deleted
 */
@ConfigurationProperties("tailrace.sessions")
public record SessionSettings(
        @Bindable(defaultValue = "15m") Duration accessTtl,
        @Bindable(defaultValue = "30d") Duration refreshTtl,
        @Bindable(defaultValue = "1h") Duration sweepInterval) {
    /** Checks the ranges. */
    public SessionSettings {
        if (accessTtl.compareTo(Duration.ofSeconds(1)) < 0 || refreshTtl.compareTo(accessTtl) < 0) {
            throw new IllegalArgumentException("tailrace.sessions: access-ttl " + accessTtl + ", refresh-ttl "
                    + refreshTtl + "; expected at least a second, and no less than that");
        }
    }
}
