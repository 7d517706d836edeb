package io.tailrace.workers.redrive;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.kafka.DeadLetter;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Which dead letters may go back, and as what. Pure. */
final class RedriveRules {
    /** The topics of facts, of which each consumer takes a second record as it takes a first. */
    private static final Set<String> FACTS = Set.of(
            Topics.USERS,
            Topics.FOLLOWS,
            Topics.POSTS,
            Topics.METRICS,
            Topics.READINGS,
            Topics.DASHBOARDS,
            Topics.UPLOADS);

    /** Of these the last record of a key counts. */
    private static final Set<String> COMPACTED =
            Set.of(Topics.USERS, Topics.FOLLOWS, Topics.POSTS, Topics.DASHBOARDS, Topics.UPLOADS);

    private static final String DISPATCHER = "event-dispatcher/";
    private static final byte[] YES = "true".getBytes(StandardCharsets.UTF_8);

    private RedriveRules() {}

    /** What becomes of a letter. */
    enum Verdict {
        /** It goes back. */
        GOES_BACK,
        /** It stays: it was too large, and has less than the record had. */
        CUT,
        /**
         * It stays: of commands, decisions and channels. A command is a wish of its moment, and the order of decisions is what they mean; a
         * copy of them is made anew instead.
         */
        NO_FACT,
        /** It stays: the log has a newer record of the key. */
        SUPERSEDED
    }

    /** What becomes of a letter, as far as the letter says it. */
    static Verdict verdict(DeadLetter letter) {
        if (!FACTS.contains(letter.topic())) {
            return Verdict.NO_FACT;
        }
        return letter.isWhole() ? Verdict.GOES_BACK : Verdict.CUT;
    }

    /** Whether a newer record of the key is what counts. */
    static boolean canBeSuperseded(DeadLetter letter) {
        return letter.key() != null && COMPACTED.contains(letter.topic());
    }

    /**
     * What is appended. If it was not the dispatcher that could not use it, it was delivered when it was written first, so it says that it is a
     * repetition and is not delivered again.
     */
    static ProducerRecord<byte[], byte[]> record(DeadLetter letter) {
        ProducerRecord<byte[], byte[]> record = letter.original();
        if (!letter.consumer().startsWith(DISPATCHER)) {
            record.headers().remove(Event.HEADER_REPEATED).add(Event.HEADER_REPEATED, YES);
        }
        return record;
    }
}
