package io.tailrace.ingest.token;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How long somebody stays signed in. Immutable.
 *
 * @param accessTtl how long an access token holds
 * @param refreshTtl how long a refresh token can be used
 * @param refreshGrace how long after its use a refresh token gives its successor again; 0 for never, at most 1 minute
 * @param sweepInterval how often it is forgotten how the successors of used refresh tokens were made
 */
@ConfigurationProperties("tailrace.sessions")
public record SessionSettings(
        @Bindable(defaultValue = "15m") Duration accessTtl,
        @Bindable(defaultValue = "30d") Duration refreshTtl,
        @Bindable(defaultValue = "10s") Duration refreshGrace,
        @Bindable(defaultValue = "1h") Duration sweepInterval) {
    /** In a longer one a thief who keeps up with the owner would not be noticed. */
    private static final Duration MAX_GRACE = Duration.ofMinutes(1);

    /** Checks the ranges. */
    public SessionSettings {
        if (accessTtl.compareTo(Duration.ofSeconds(1)) < 0 || refreshTtl.compareTo(accessTtl) < 0) {
            throw new IllegalArgumentException("tailrace.sessions: access-ttl " + accessTtl + ", refresh-ttl "
                    + refreshTtl + "; expected at least a second, and no less than that");
        }
        if (refreshGrace.isNegative() || refreshGrace.compareTo(MAX_GRACE) > 0) {
            throw new IllegalArgumentException(
                    "tailrace.sessions.refresh-grace " + refreshGrace + "; expected 0 to " + MAX_GRACE);
        }
    }
}
