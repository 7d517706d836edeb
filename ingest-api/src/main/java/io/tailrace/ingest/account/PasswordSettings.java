package io.tailrace.ingest.account;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * The bounds of hashing passwords. Immutable.
 *
 * @param threads passwords that are hashed at a time, each with 19 MiB of memory and one core; 0 for one less than the
 *     cores, at least one
 * @param maxWaiting passwords that may wait for their turn; one more is answered 503
 */
@ConfigurationProperties("tailrace.passwords")
public record PasswordSettings(
        @Bindable(defaultValue = "0") int threads, @Bindable(defaultValue = "64") int maxWaiting) {
    /** Checks the ranges. */
    public PasswordSettings {
        if (threads < 0 || maxWaiting < 1) {
            throw new IllegalArgumentException("tailrace.passwords: threads " + threads + ", max-waiting " + maxWaiting
                    + "; expected at least 0 and at least 1");
        }
    }
}
