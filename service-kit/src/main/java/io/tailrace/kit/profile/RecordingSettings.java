package io.tailrace.kit.profile;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * The bounds of flight recordings. Immutable.
 *
 * @param maxDuration the longest that may be asked for
 * @param maxBytes the largest file; of a longer recording the end is kept
 */
@ConfigurationProperties("tailrace.recordings")
public record RecordingSettings(
        @Bindable(defaultValue = "5m") Duration maxDuration, @Bindable(defaultValue = "134217728") long maxBytes) {
    /** Checks the ranges. */
    public RecordingSettings {
        if (maxDuration.toSeconds() < 1) {
            throw new IllegalArgumentException(
                    "tailrace.recordings.max-duration: " + maxDuration + ", expected 1s or more");
        }
        if (maxBytes < 1_048_576) {
            throw new IllegalArgumentException(
                    "tailrace.recordings.max-bytes: " + maxBytes + ", expected 1048576 or more");
        }
    }
}
