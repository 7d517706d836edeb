package io.tailrace.ingest.decision;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long a request is willing to wait: the preferences {@code wait} and {@code respond-async} of RFC 7240. What is
 * malformed or unknown is ignored, as section 2 demands; the first of two counts. Pure.
 *
 * @param patience how long
 * @param applied what the answer's {@code Preference-Applied} says, or null if nothing was preferred
 */
public record Preference(Duration patience, @Nullable String applied) {
    /** Longer numbers than any wait; nothing overflows. */
    private static final int MAX_DIGITS = 9;

    /**
     * The preference of a request.
     *
     * @param headers the values of {@code Prefer}
     * @param usual the wait where nothing is preferred
     * @param longest what a longer one is cut to
     */
    public static Preference of(List<String> headers, Duration usual, Duration longest) {
        boolean async = false;
        for (String header : headers) {
            for (String preference : header.split(",")) {
                String word = preference.split(";", 2)[0].strip();
                int equals = word.indexOf('=');
                String name = (equals < 0 ? word : word.substring(0, equals)).strip();
                if (name.equalsIgnoreCase("wait") && equals >= 0) {
                    Integer seconds = seconds(word.substring(equals + 1).strip());
                    if (seconds != null) {
                        long applied = Math.min(seconds, longest.toSeconds());
                        return new Preference(Duration.ofSeconds(applied), "wait=" + applied);
                    }
                }
                async |= name.equalsIgnoreCase("respond-async");
            }
        }
        return async ? new Preference(Duration.ZERO, "respond-async") : new Preference(usual, null);
    }

    private static @Nullable Integer seconds(String text) {
        String digits = text.length() > 1 && text.startsWith("\"") && text.endsWith("\"")
                ? text.substring(1, text.length() - 1)
                : text;
        boolean number = !digits.isEmpty()
                && digits.length() <= MAX_DIGITS
                && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Integer.valueOf(digits) : null;
    }
}
