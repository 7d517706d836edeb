package io.tailrace.contracts.job;

import io.tailrace.contracts.text.Excerpt;
import org.jspecify.annotations.Nullable;

/**
 * How far an attempt is.
 *
 * @param fraction what is done, 0 to 1, or null if that is not known
 * @param message what is being done, or null; at most {@value #MAX_MESSAGE} characters, a longer one is cut
 */
public record JobProgress(@Nullable Double fraction, @Nullable String message) {
    /** The longest message. */
    public static final int MAX_MESSAGE = 500;

    /** Checks the range. */
    public JobProgress {
        if (fraction != null && !(fraction >= 0 && fraction <= 1)) {
            throw new IllegalArgumentException("progress.fraction: " + fraction + ", expected 0 to 1");
        }
        message = message == null ? null : Excerpt.of(message, MAX_MESSAGE);
    }
}
