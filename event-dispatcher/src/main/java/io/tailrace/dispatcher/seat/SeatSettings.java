package io.tailrace.dispatcher.seat;

import java.time.Duration;

/**
 * The bounds of the seat topology.
 *
 * @param factPartitions partitions of the topics that are read
 * @param maxEventBytes the largest event that is let through
 * @param expiryInterval how often the holds are looked at; a hold ends at most this much late, and never early
 * @param expiriesPerTurn the most holds that end in one turn, so that commands are not kept waiting
 * @param answerRetention how long the answer to a command is remembered for its repetition, at least
 * @param commitInterval how often decisions are told while they are few
 * @param rush decisions of one task within {@code commitInterval} from which on they are told at the interval of the
 *     application, which is longer
 */
public record SeatSettings(
        int factPartitions,
        int maxEventBytes,
        Duration expiryInterval,
        int expiriesPerTurn,
        Duration answerRetention,
        Duration commitInterval,
        int rush) {
    /** Checks the ranges. */
    public SeatSettings {
        if (answerRetention.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException("answerRetention: " + answerRetention + ", expected at least PT1M");
        }
    }
}
