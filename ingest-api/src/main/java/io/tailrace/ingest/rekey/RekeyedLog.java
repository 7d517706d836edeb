package io.tailrace.ingest.rekey;

import io.tailrace.contracts.topic.TopicSpec;
import io.tailrace.kit.kafka.KafkaSettings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * A topic while its records get keys of their own: each record with a key of before is appended again as {@link Rekeying} has
 * it, in its partition. A tombstone then takes the old key away. Doing it twice does no harm: the second copy replaces the first.
 * For one thread.
 */
final class RekeyedLog implements AutoCloseable {
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final int TRANSACTION_RECORDS = 1_000;

    private final KafkaSettings kafka;
    private final Rekeying rekeying;
    private final TopicSpec topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Set<ByteBuffer> oldKeys = new LinkedHashSet<>();
    private int inTransaction;

    /** A log whose other writers of this kind are fenced off. */
    RekeyedLog(KafkaSettings kafka, Rekeying rekeying) {
        this.kafka = kafka;
        this.rekeying = rekeying;
        this.topic = rekeying.topic();
        Map<String, Object> properties = kafka.producer(rekeying.transactionalId());
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, rekeying.transactionalId());
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 5);
        this.producer = new KafkaProducer<>(properties);
        try {
            producer.initTransactions();
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    /** Copies every record that has no key of its own; returns how many. Memory: the old keys of one partition. */
    long copyAll() {
        long copied = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(kafka.reader(rekeying.transactionalId()))) {
            for (int partition = 0; partition < topic.partitions(); partition++) {
                TopicPartition at = new TopicPartition(topic.name(), partition);
                consumer.assign(List.of(at));
                consumer.seekToBeginning(List.of(at));
                copied += copy(consumer, at);
            }
        }
        return copied;
    }

    /** Until there is none left: a process of the version before may have written some meanwhile. */
    private long copy(KafkaConsumer<byte[], byte[]> consumer, TopicPartition at) {
        long copied = 0;
        long found = -1;
        oldKeys.clear();
        while (found != 0) {
            found = 0;
            long end = consumer.endOffsets(List.of(at)).getOrDefault(at, 0L);
            begin();
            while (consumer.position(at) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    found += copy(record);
                }
            }
            commit();
            ends.put(at, end);
            copied += found;
        }
        begin();
        for (ByteBuffer key : oldKeys) {
            send(rekeying.end(at.partition(), key.array()));
        }
        commit();
        return copied;
    }

    private long copy(ConsumerRecord<byte[], byte[]> record) {
        return rekeying.current()
                .apply(record)
                .map(current -> copy(record, current))
                .orElse(0);
    }

    private int copy(ConsumerRecord<byte[], byte[]> old, ProducerRecord<byte[], byte[]> current) {
        byte @Nullable [] key = old.key();
        if (key != null) {
            oldKeys.add(ByteBuffer.wrap(key));
        }
        send(current);
        return 1;
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        if (inTransaction == TRANSACTION_RECORDS) {
            commit();
            begin();
        }
        inTransaction++;
        var unused = producer.send(record);
    }

    private void begin() {
        producer.beginTransaction();
        inTransaction = 0;
    }

    /** Throws if one of its records could not be written. */
    private void commit() {
        producer.commitTransaction();
    }

    /**
     * Whether everything that was copied has been read by those who deliver posts: they do not deliver copies, so an original
     * must not be compacted away before. Whoever has a place in the topics of posts and of follows delivers
     * posts.
     */
    boolean isReadByFeeds() {
        return !rekeying.delivered() || new FeedReaders(kafka).haveRead(ends);
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
