package io.tailrace.kit.consume;

import java.time.Instant;

/** How a loop is. */
public sealed interface Condition {
    /** It has no partition: it has just begun, or there are more workers than partitions. */
    record Idle() implements Condition {}

    /** It applies what comes. */
    record Running() implements Condition {}

    /**
     * It waits to try again; nothing is lost meanwhile.
     *
     * @param reason what failed
     * @param since when it first failed
     */
    record Retrying(String reason, Instant since) implements Condition {}

    /** It was told to stop. */
    record Stopped() implements Condition {}
}
