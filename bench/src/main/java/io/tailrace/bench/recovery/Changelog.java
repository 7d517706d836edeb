package io.tailrace.bench.recovery;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** The changelog of the store of seats, which the dispatcher reads from its start after a crash. */
final class Changelog {
    static final String TOPIC = "tailrace-seats-v1-seats-changelog";

    private static final Duration POLL = Duration.ofMillis(500);
    private static final long PAUSE_MS = 2_000;

    /** A change of its size that says nothing: of what ends its segments. */
    private static final long STILL_BYTES = 100_000;

    private static final byte[] NO_ENTRY = {0};

    private final String bootstrap;
    private final Admin admin;
    private final int partitions;

    /** An entry of the store as it was written, also one that was overwritten or deleted since. */
    private record Entry(byte[] key, byte @Nullable [] value) {}

    Changelog(String bootstrap, Admin admin, int partitions) {
        this.bootstrap = bootstrap;
        this.admin = admin;
        this.partitions = partitions;
    }

    /**
     * Writes everything that the dispatcher has written about one show again for others, in which the same has happened. What is
     * written names the show by the 16 bytes of its id or by its text, and nothing else need be known of it.
     *
     * @return records that were written
     */
    long copy(UUID template, int partition, List<UUID> others, KafkaProducer<byte[], byte[]> producer) {
        List<Entry> entries = entries(template, partition);
        AtomicReference<@Nullable Exception> fault = new AtomicReference<>();
        for (UUID other : others) {
            int to = new Hall(other, Instant.EPOCH, 0).partition(partitions);
            for (Entry entry : entries) {
                byte[] value = entry.value() == null ? null : replaced(entry.value(), template, other);
                var unused = producer.send(
                        new ProducerRecord<>(TOPIC, to, replaced(entry.key(), template, other), value),
                        (metadata, failure) -> {
                            if (failure != null) {
                                fault.compareAndSet(null, failure);
                            }
                        });
            }
        }
        producer.flush();
        Exception failure = fault.get();
        if (failure != null) {
            throw new IllegalStateException("a record did not reach " + TOPIC, failure);
        }
        return (long) entries.size() * others.size();
    }

    private List<Entry> entries(UUID show, int partition) {
        TopicPartition from = new TopicPartition(TOPIC, partition);
        byte[] id = raw(show);
        List<Entry> entries = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(from));
            consumer.seekToBeginning(List.of(from));
            long end = Objects.requireNonNull(consumer.endOffsets(List.of(from)).get(from));
            while (consumer.position(from) < end) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (indexOf(record.key(), id, 0) >= 0) {
                        entries.add(new Entry(record.key(), record.value()));
                    }
                }
            }
        }
        return entries;
    }

    private static byte[] replaced(byte[] bytes, UUID from, UUID to) {
        byte[] raw = replaced(bytes, raw(from), raw(to));
        return replaced(raw, text(from), text(to));
    }

    /** Both are of one length. */
    private static byte[] replaced(byte[] bytes, byte[] from, byte[] to) {
        int at = indexOf(bytes, from, 0);
        if (at < 0) {
            return bytes;
        }
        byte[] copy = bytes.clone();
        for (; at >= 0; at = indexOf(copy, from, at + to.length)) {
            System.arraycopy(to, 0, copy, at, to.length);
        }
        return copy;
    }

    private static int indexOf(byte[] bytes, byte[] part, int from) {
        for (int at = from; at <= bytes.length - part.length; at++) {
            if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
                return at;
            }
        }
        return -1;
    }

    private static byte[] raw(UUID id) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    private static byte[] text(UUID id) {
        return id.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Has the broker compact it as it does in the course of hours, tombstones among what goes, and waits until it does not change its size
     * any more. The dispatcher's next start gives it its own configuration again.
     */
    void compact(KafkaProducer<byte[], byte[]> producer, long quietMs, long timeoutMs)
            throws ExecutionException, InterruptedException {
        ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
        admin.incrementalAlterConfigs(Map.of(
                        topic,
                        List.of(
                                set(TopicConfig.DELETE_RETENTION_MS_CONFIG, "0"),
                                set(TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG, "0"),
                                set(TopicConfig.SEGMENT_MS_CONFIG, "1000"))))
                .all()
                .get();
        long startedNs = System.nanoTime();
        long sinceNs = startedNs;
        long last = bytes();
        while (System.nanoTime() - sinceNs < TimeUnit.MILLISECONDS.toNanos(quietMs)) {
            if (System.nanoTime() - startedNs > TimeUnit.MILLISECONDS.toNanos(timeoutMs)) {
                throw new IllegalStateException(TOPIC + " was not compacted in " + timeoutMs + " ms");
            }
            for (int partition = 0; partition < partitions; partition++) {
                // Ends the last segment, which is never compacted. It names no entry of the store.
                var sent = producer.send(new ProducerRecord<>(TOPIC, partition, NO_ENTRY, null))
                        .get();
                assert sent.hasOffset();
            }
            TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
            long now = bytes();
            if (Math.abs(now - last) > STILL_BYTES) {
                last = now;
                sinceNs = System.nanoTime();
            }
        }
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    }

    /** What it takes on the broker's disk, in bytes. */
    long bytes() throws ExecutionException, InterruptedException {
        int broker = admin.describeCluster().nodes().get().iterator().next().id();
        return admin.describeLogDirs(List.of(broker)).allDescriptions().get().values().stream()
                .flatMap(folders -> folders.values().stream())
                .flatMap(folder -> folder.replicaInfos().entrySet().stream())
                .filter(replica -> replica.getKey().topic().equals(TOPIC))
                .mapToLong(replica -> replica.getValue().size())
                .sum();
    }
}
