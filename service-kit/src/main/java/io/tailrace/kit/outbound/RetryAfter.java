package io.tailrace.kit.outbound;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/** The header {@code Retry-After} (RFC 9110, 10.2.3). */
final class RetryAfter {
    private static final String NAME = "Retry-After";

    /** More digits than these are more seconds than anybody waits. */
    private static final int MAX_DIGITS = 9;

    private RetryAfter() {}

    /**
     * How long a server wants to be left alone; empty if it does not say so, or not legibly. A date counts from the answer's own
     * {@code Date}, so that a clock that differs from the server's does not matter.
     *
     * @param now the time of day here, for answers without a date
     */
    static Optional<Duration> of(Headers headers, Instant now) {
        String text = headers.get(NAME);
        if (text == null) {
            return Optional.empty();
        }
        String value = text.strip();
        if (value.matches("[0-9]+")) {
            long seconds = value.length() > MAX_DIGITS ? Integer.MAX_VALUE : Long.parseLong(value);
            return Optional.of(Duration.ofSeconds(seconds));
        }
        Instant until = headers.getInstant(NAME);
        if (until == null) {
            return Optional.empty();
        }
        @Nullable Instant sent = headers.getInstant("Date");
        Duration left = Duration.between(sent == null ? now : sent, until);
        return Optional.of(left.isNegative() ? Duration.ZERO : left);
    }
}
