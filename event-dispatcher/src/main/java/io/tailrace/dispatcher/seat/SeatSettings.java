package io.tailrace.dispatcher.seat;

import io.tailrace.contracts.seat.Show;
import java.time.Duration;

/**
 * The bounds of the seat topology.
 *
 * @param factPartitions partitions of the topics that are read
 * @param maxEventBytes the largest event that is let through
 * @param expiryInterval how often the holds are looked at; a hold ends at most this much late, and never early
 * @param expiriesPerTurn the most holds that end in one turn, so that commands are not kept waiting
 * @param answerRetention how long the answer to a command is remembered for its repetition, at least
 * @param forgetAfter how long after its start a show is known. More than twice {@code answerRetention} and the longest hold, so
 *     that no answer is left that names a reservation
 * @param commitInterval how often decisions are told while they are few; one before which there was none for so long is told
 *     at once
 * @param rush decisions of one task within {@code commitInterval} from which on they are told every {@code rushCommitInterval}
 * @param rushCommitInterval how often decisions are told in a rush
 */
public record SeatSettings(
        int factPartitions,
        int maxEventBytes,
        Duration expiryInterval,
        int expiriesPerTurn,
        Duration answerRetention,
        Duration forgetAfter,
        Duration commitInterval,
        int rush,
        Duration rushCommitInterval) {
    /** Checks the ranges. */
    public SeatSettings {
        if (answerRetention.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException("answerRetention: " + answerRetention + ", expected at least PT1M");
        }
        Duration least = leastForgetAfter(answerRetention);
        if (forgetAfter.compareTo(least) < 0) {
            throw new IllegalArgumentException("forgetAfter: " + forgetAfter + ", expected at least " + least);
        }
    }

    /** The least {@code forgetAfter} beside an {@code answerRetention}. */
    public static Duration leastForgetAfter(Duration answerRetention) {
        return answerRetention.multipliedBy(2).plusSeconds(2L * Show.HOLD_CAP_SECONDS);
    }
}
