package io.tailrace.workers.redrive;

import io.tailrace.kit.kafka.DeadLetter;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a letter that is looked at, without its value.
 *
 * @param key the letter's own key
 * @param offset where the letter is
 * @param place where the original was
 * @param originalOffset its offset
 * @param originalKey its key, if a newer record of it would be what counts; else null
 * @param verdict what becomes of the letter as far as the letter says it
 */
record Admitted(
        byte[] key,
        long offset,
        TopicPartition place,
        long originalOffset,
        byte @Nullable [] originalKey,
        RedriveRules.Verdict verdict) {
    static Admitted of(byte[] key, long offset, DeadLetter letter) {
        return new Admitted(
                key,
                offset,
                new TopicPartition(letter.topic(), letter.partition()),
                letter.offset(),
                RedriveRules.canBeSuperseded(letter) ? letter.key() : null,
                RedriveRules.verdict(letter));
    }

    /** Whether it goes back unless there is something newer. */
    boolean mayGoBack() {
        return verdict == RedriveRules.Verdict.GOES_BACK;
    }
}
