package io.tailrace.ingest.log;

import io.tailrace.contracts.event.Event;
import io.tailrace.ingest.log.AppendOutcome.Appended;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.problem.ProblemException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what an earlier attempt at a request appended before it died or gave up, by reading the log of its time:
 * about as much as a partition took in during the attempt and twice {@link #CLOCK_SKEW}. Rare, so each call has its own
 * consumer; at most {@value #MAX_CONCURRENT} run at a time. Thread-safe; blocks, bounded.
 *
 * <p>A producer that gives up takes nothing back: what it has sent may still wait at the broker, which was frozen or has just started. So
 * if something is missing, the log is read a second time, {@link #STRAGGLERS_MS} after the broker has answered: by then it has appended
 * what it had received before that.
 */
@Singleton
public final class EarlierAppends {
    /** How far the clocks of two services (which date records) and PostgreSQL's may be apart. */
    static final Duration CLOCK_SKEW = Duration.ofSeconds(10);

    /** How long a broker that answers may take to append what it had received before, in milliseconds. */
    private static final long STRAGGLERS_MS = 500;

    private static final int MAX_CONCURRENT = 16;
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaSettings kafka;
    private final Duration timeout;
    private final Runnable pause;
    private final Semaphore turns = new Semaphore(MAX_CONCURRENT);

    /** Reads for at most {@link LogSettings#lookBackTimeout()}. */
    @Inject
    public EarlierAppends(KafkaSettings kafka, LogSettings settings) {
        this(kafka, settings, () -> LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(STRAGGLERS_MS)));
    }

    /**
     * The same with another pause.
     *
     * @param pause returns when a broker that has answered before has appended what it had received
     */
    EarlierAppends(KafkaSettings kafka, LogSettings settings, Runnable pause) {
        this.kafka = kafka;
        this.timeout = settings.lookBackTimeout();
        this.pause = pause;
    }

    /**
     * Which of {@code entries} are in the log.
     *
     * @param entries events of one partition
     * @return where they are, by the event's id
     * @throws ProblemException 503 if that could not be found out in time
     */
    Map<String, Appended> find(List<OutgoingEvent> entries, Earlier earlier) {
        if (!turns.tryAcquire()) {
            throw ProblemException.unavailable("Too many interrupted requests are being resumed", RETRY_AFTER, null);
        }
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(config())) {
            return find(consumer, entries, earlier);
        } catch (KafkaException e) {
            throw ProblemException.unavailable("The log does not answer", RETRY_AFTER, e);
        } finally {
            turns.release();
        }
    }

    private Map<String, Appended> find(
            KafkaConsumer<byte[], byte[]> consumer, List<OutgoingEvent> entries, Earlier earlier) {
        long deadlineNs = System.nanoTime() + timeout.toNanos();
        // A publisher may give two channels the same id, so the key must be the same as well.
        Map<String, byte[]> wanted = entries.stream()
                .collect(Collectors.toMap(
                        entry -> entry.event().id(), entry -> entry.key().getBytes(StandardCharsets.UTF_8)));
        TopicPartition partition = partition(entries.getFirst());
        consumer.assign(List.of(partition));
        Map<String, Appended> found = new HashMap<>();
        read(consumer, partition, wanted, earlier, deadlineNs, found);
        if (found.size() < wanted.size()) {
            pause.run();
            read(consumer, partition, wanted, earlier, deadlineNs, found);
        }
        return found;
    }

    /** Reads from the attempt's beginning to the log's end as of now. */
    private static void read(
            KafkaConsumer<byte[], byte[]> consumer,
            TopicPartition partition,
            Map<String, byte[]> wanted,
            Earlier earlier,
            long deadlineNs,
            Map<String, Appended> found) {
        long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
        @Nullable
        OffsetAndTimestamp start = consumer.offsetsForTimes(
                        Map.of(partition, earlier.from().minus(CLOCK_SKEW).toEpochMilli()))
                .get(partition);
        if (start == null) {
            // No record is as young as that.
            return;
        }
        consumer.seek(partition, start.offset());
        long untilMs = earlier.until().plus(CLOCK_SKEW).toEpochMilli();
        while (found.size() < wanted.size() && consumer.position(partition) < end) {
            if (System.nanoTime() - deadlineNs > 0) {
                throw ProblemException.unavailable(
                        "What the first attempt did could not be found out in time", RETRY_AFTER, null);
            }
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.timestamp() > untilMs) {
                    return;
                }
                String id = id(record);
                if (id != null && wanted.containsKey(id) && Arrays.equals(wanted.get(id), record.key())) {
                    found.putIfAbsent(id, new Appended(record.partition(), record.offset()));
                }
            }
        }
    }

    private static TopicPartition partition(OutgoingEvent entry) {
        Integer partition = entry.partition();
        if (partition == null) {
            throw new IllegalArgumentException("an entry of " + entry.topic() + " names no partition");
        }
        return new TopicPartition(entry.topic(), partition);
    }

    private static @Nullable String id(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(Event.HEADER_ID);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    private Map<String, Object> config() {
        Map<String, Object> config = kafka.reader("ingest-api-look-back");
        int timeoutMs = Math.toIntExact(timeout.toMillis());
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMs);
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMs);
        config.put(ConsumerConfig.RECONNECT_BACKOFF_MAX_MS_CONFIG, 500);
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1024 * 1024);
        // Records of this service are not transactional, and one that the dispatcher has open must not hide ours.
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        return config;
    }
}
