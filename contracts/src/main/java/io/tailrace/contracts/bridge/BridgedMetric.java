package io.tailrace.contracts.bridge;

/**
 * A metric of a source that a bridge copies.
 *
 * @param remote what the source calls it: {@code WatchRequest.metric_id}
 * @param name what it is called here
 */
public record BridgedMetric(String remote, String name) {
    /** The most characters of {@link #remote}. */
    public static final int MAX_REMOTE = 200;

    /** The most characters of {@link #name}, as of every metric. */
    public static final int MAX_NAME = 100;

    /** Checks the ranges. */
    public BridgedMetric {
        length("remote", remote, MAX_REMOTE);
        length("name", name, MAX_NAME);
    }

    private static void length(String field, String text, int most) {
        int length = text.codePointCount(0, text.length());
        if (length < 1 || length > most) {
            throw new IllegalArgumentException(field + ": " + length + " characters, expected 1 to " + most);
        }
    }
}
