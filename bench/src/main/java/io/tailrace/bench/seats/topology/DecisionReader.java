package io.tailrace.bench.seats.topology;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answers as ingest-api does: a plain consumer, {@code read_committed}, from the end of the log at its start. It
 * checks that every command has one answer. Its thread owns everything but {@link #sentNs}.
 */
final class DecisionReader implements AutoCloseable {
    private static final String EVENTS = "tailrace.seat-events";
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(60);
    private static final byte[] ACCEPTED = "\"accepted\":true".getBytes(StandardCharsets.UTF_8);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Rush rush;
    private final int count;
    private final AtomicLongArray sentNs;
    private final AtomicLongArray seenNs;
    private final BitSet seen = new BitSet();
    private int accepted;
    private int repeated;

    /** A reader of the answers to the first {@code count} commands of a rush. */
    DecisionReader(String bootstrap, Rush rush, int count) {
        this.rush = rush;
        this.count = count;
        this.sentNs = new AtomicLongArray(count);
        this.seenNs = new AtomicLongArray(count);
        this.consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
        List<TopicPartition> partitions = consumer.partitionsFor(EVENTS).stream()
                .map(info -> new TopicPartition(info.topic(), info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }

    /** Notes when a command was due. Any thread. */
    void sent(int number, long dueNs) {
        sentNs.set(number, dueNs);
    }

    /** Reads until every command has its answer. */
    void readAll() {
        long deadline = System.nanoTime() + PATIENCE_NS;
        while (seen.cardinality() < count) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            long now = System.nanoTime();
            for (ConsumerRecord<byte[], byte[]> record : records) {
                if (header(record, "ce_type").equals("seat_decision_made")) {
                    answered(record, now);
                }
            }
            if (!records.isEmpty()) {
                deadline = now + PATIENCE_NS;
            } else if (now > deadline) {
                throw new IllegalStateException("only " + seen.cardinality() + " of " + count + " were answered");
            }
        }
    }

    private void answered(ConsumerRecord<byte[], byte[]> record, long nowNs) {
        int number = rush.number(header(record, "ce_id"));
        if (number < 0 || number >= count) {
            return;
        }
        if (seen.get(number)) {
            repeated++;
            return;
        }
        seen.set(number);
        seenNs.set(number, nowNs);
        if (contains(record.value(), ACCEPTED)) {
            accepted++;
        }
    }

    /** From the moment a command was due to the return of the poll that gave its answer. */
    Histogram latencies(int from, int to) {
        Histogram histogram = new Histogram(3);
        for (int number = from; number < to; number++) {
            histogram.recordValue(Math.max(0, seenNs.get(number) - sentNs.get(number)));
        }
        return histogram;
    }

    /**
     * Decisions per second between the moments at which {@code fromShare} and {@code toShare} of all had been seen: the
     * start, and the end where some partitions have nothing left, do not count.
     */
    double perSecond(double fromShare, double toShare) {
        long[] times = new long[count];
        for (int number = 0; number < count; number++) {
            times[number] = seenNs.get(number);
        }
        java.util.Arrays.sort(times);
        int from = (int) (count * fromShare);
        int to = Math.min(count - 1, (int) (count * toShare));
        return (to - from) * 1e9 / Math.max(1, times[to] - times[from]);
    }

    double acceptedShare() {
        return (double) accepted / count;
    }

    int repeated() {
        return repeated;
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        @Nullable Header header = record.headers().lastHeader(name);
        return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
    }

    private static boolean contains(byte[] text, byte[] part) {
        for (int at = 0; at <= text.length - part.length; at++) {
            if (java.util.Arrays.equals(text, at, at + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
