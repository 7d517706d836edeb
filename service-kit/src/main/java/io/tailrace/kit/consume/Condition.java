package io.tailrace.kit.consume;

import java.time.Instant;

/** How a loop is. */
public sealed interface Condition {
    /** It has no partition: it has just begun, or there are more instances than partitions. */
    record Idle() implements Condition {}

    /** It applies what comes. */
    record Running() implements Condition {}

    /**
     * It waits to try again; nothing is lost meanwhile.
     *
     * @param reason what failed
     * @param since when it first failed
     */
    record Retrying(String reason, Instant since) implements Condition {
        /** What a failure is called in health and logs: the first line of it, and of what it comes from. */
        public static String reasonOf(Throwable failure) {
            Throwable root = failure;
            for (int depth = 0; depth < 10 && root.getCause() != null; depth++) {
                root = root.getCause();
            }
            String reason = firstLine(failure);
            // Kafka says "Failed to construct kafka consumer" and keeps to itself why.
            return root == failure ? reason : reason + " (" + firstLine(root) + ")";
        }

        private static String firstLine(Throwable failure) {
            return failure.getClass().getSimpleName() + ": "
                    + String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
        }
    }

    /** It was told to stop. */
    record Stopped() implements Condition {}
}
