package io.tailrace.workers.redrive;

import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.kafka.DeadLetter;
import io.tailrace.kit.kafka.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Writes records again and takes their letters away, in one transaction.
 *
 * <p>Somebody may write a newer record of a key, or take a letter away, at any moment. So the log is read up to our own records before
 * the transaction is committed: what is newer than what we know is either before ours, and then ours is not committed, or behind it, and then it
 * counts. A commit that waits for more than this short part of the log would hold up all who read the topics. Confined to one thread.
 */
final class LetterWriter implements AutoCloseable {
    static final TopicPartition LETTERS = new TopicPartition(Topics.DEAD_LETTERS, 0);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    private final Map<String, Object> config;
    private final LogReader log;
    private @Nullable KafkaProducer<byte[], byte[]> producer;

    /** A letter and what is known of it. */
    record Item(Admitted admitted, DeadLetter letter) {}

    /**
     * One that has written nothing.
     *
     * @param id of its transactions; a later one with the same id ends what an earlier one has open
     * @param log all of it, also what is not committed
     */
    LetterWriter(KafkaSettings kafka, String id, LogReader log) {
        this.config = kafka.producer(id);
        config.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, id);
        this.log = log;
    }

    /** Ends what an earlier attempt has left open. */
    void begin() {
        if (producer == null) {
            KafkaProducer<byte[], byte[]> begun = new KafkaProducer<>(config);
            producer = begun;
            begun.initTransactions();
        }
    }

    /**
     * Writes a batch.
     *
     * @param newest what is known to be newer, which grows
     * @param scanned up to where each partition was read for that; grows, too
     * @return what was written; the others have something newer
     */
    List<Item> write(List<Item> batch, Newest newest, Map<TopicPartition, Long> scanned)
            throws InterruptedException, ExecutionException {
        begin();
        KafkaProducer<byte[], byte[]> out = Objects.requireNonNull(producer);
        List<Item> items = current(batch, newest);
        while (!items.isEmpty()) {
            out.beginTransaction();
            readUpTo(send(out, items, newest), newest, scanned);
            List<Item> still = current(items, newest);
            if (still.size() == items.size()) {
                out.commitTransaction();
                return items;
            }
            out.abortTransaction();
            items = still;
        }
        return items;
    }

    /** Those that nothing newer is known of. */
    static List<Item> current(List<Item> items, Newest newest) {
        return items.stream().filter(item -> isCurrent(item.admitted(), newest)).toList();
    }

    static boolean isCurrent(Admitted letter, Newest newest) {
        byte @Nullable [] key = letter.originalKey();
        return !newest.isBehind(LETTERS, letter.key(), letter.offset())
                && (key == null || !newest.isBehind(letter.place(), key, letter.originalOffset()));
    }

    /** Where our last records are. */
    private static Map<TopicPartition, Long> send(KafkaProducer<byte[], byte[]> out, List<Item> items, Newest newest)
            throws InterruptedException, ExecutionException {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        Set<String> places = new HashSet<>();
        for (Item item : items) {
            // Several may not have been able to use one record, and it is written once.
            if (places.add(item.admitted().place() + "@" + item.admitted().originalOffset())) {
                sent.add(out.send(RedriveRules.record(item.letter())));
            }
            sent.add(out.send(new ProducerRecord<>(
                    LETTERS.topic(), LETTERS.partition(), item.admitted().key(), null)));
        }
        out.flush();
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (Future<RecordMetadata> each : sent) {
            RecordMetadata at = each.get();
            TopicPartition partition = new TopicPartition(at.topic(), at.partition());
            newest.isOwn(partition, at.offset());
            ends.merge(partition, at.offset() + 1, Math::max);
        }
        return ends;
    }

    private void readUpTo(Map<TopicPartition, Long> ends, Newest newest, Map<TopicPartition, Long> scanned)
            throws InterruptedException {
        Map<TopicPartition, Long> from = new HashMap<>(scanned);
        from.keySet().retainAll(ends.keySet());
        log.read(from, ends, newest::read);
        from.keySet().forEach(at -> scanned.merge(at, ends.getOrDefault(at, 0L), Math::max));
    }

    @Override
    public void close() {
        if (producer != null) {
            producer.close(CLOSE_TIMEOUT);
        }
    }
}
