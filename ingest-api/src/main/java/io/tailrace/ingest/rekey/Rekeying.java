package io.tailrace.ingest.rekey;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.TopicSpec;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.kafka.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * How the records of a topic get keys of their own. Pure.
 *
 * @param topic as it is declared, compacted
 * @param transactionalId of the one producer that may do it
 * @param delivered whether what is appended again has to be marked, because consumers deliver what they find in the topic, and
 *     must have read the originals before these are compacted away
 * @param current a record as it has to be, in the same partition and with the same time; empty for one that is so already, and
 *     for one that says nothing, as tombstones do
 */
record Rekeying(
        TopicSpec topic,
        String transactionalId,
        boolean delivered,
        Function<ConsumerRecord<byte[], byte[]>, Optional<ProducerRecord<byte[], byte[]>>> current) {
    private static final byte[] YES = "true".getBytes(StandardCharsets.UTF_8);

    /**
     * Of posts, whose key was the author alone.
     *
     * @param topic of posts
     */
    static Rekeying posts(TopicSpec topic) {
        return new Rekeying(topic, "tailrace-post-keys", true, Rekeying::post);
    }

    /**
     * Of audit records, whose key was the actor alone. The broker's clock counts there: each copy is kept for the retention
     * from now on.
     *
     * @param topic of audit records
     */
    static Rekeying audit(TopicSpec topic) {
        return new Rekeying(topic, "tailrace-audit-keys", false, Rekeying::audited);
    }

    /**
     * Of dead letters, whose key was that of the original, or nothing.
     *
     * @param topic of dead letters
     */
    static Rekeying deadLetters(TopicSpec topic) {
        return new Rekeying(topic, "tailrace-dead-letter-keys", false, DeadLetters::withKeyOfItsOwn);
    }

    /** That nothing is known any more under a key of before. */
    ProducerRecord<byte[], byte[]> end(int partition, byte[] oldKey) {
        ProducerRecord<byte[], byte[]> tombstone = new ProducerRecord<>(topic.name(), partition, oldKey, null);
        return delivered ? marked(tombstone) : tombstone;
    }

    private static Optional<ProducerRecord<byte[], byte[]>> post(ConsumerRecord<byte[], byte[]> record) {
        byte @Nullable [] key = record.key();
        byte @Nullable [] value = record.value();
        if (key == null || value == null) {
            // Without a key it is a post of nobody, which readers have put into the dead letters.
            return Optional.empty();
        }
        String author = new String(key, StandardCharsets.UTF_8);
        if (FactKeys.namesFact(author)) {
            return Optional.empty();
        }
        String known = PostKeys.current(Topics.POSTS, author, value);
        // What is not a post is its own fact: nothing may be lost.
        return Optional.of(marked(copy(record, known.equals(author) ? FactKeys.of(author, place(record)) : known)));
    }

    private static Optional<ProducerRecord<byte[], byte[]>> audited(ConsumerRecord<byte[], byte[]> record) {
        if (record.value() == null) {
            return Optional.empty();
        }
        @Nullable Header header = record.headers().lastHeader(Event.HEADER_ID);
        String id = header == null ? place(record) : new String(header.value(), StandardCharsets.UTF_8);
        byte @Nullable [] key = record.key();
        String actor = key == null ? "" : new String(key, StandardCharsets.UTF_8);
        return actor.endsWith('/' + id) ? Optional.empty() : Optional.of(copy(record, FactKeys.of(actor, id)));
    }

    private static ProducerRecord<byte[], byte[]> copy(ConsumerRecord<byte[], byte[]> record, String key) {
        return new ProducerRecord<>(
                record.topic(),
                record.partition(),
                record.timestamp(),
                key.getBytes(StandardCharsets.UTF_8),
                record.value(),
                record.headers());
    }

    private static String place(ConsumerRecord<byte[], byte[]> record) {
        return UUID.nameUUIDFromBytes((record.partition() + "@" + record.offset()).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    private static ProducerRecord<byte[], byte[]> marked(ProducerRecord<byte[], byte[]> record) {
        Headers headers = record.headers();
        headers.remove(Event.HEADER_REPEATED).add(Event.HEADER_REPEATED, YES);
        return record;
    }
}
