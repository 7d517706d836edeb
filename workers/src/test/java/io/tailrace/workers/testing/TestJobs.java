package io.tailrace.workers.testing;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobEvents.AttemptReported;
import io.tailrace.contracts.job.JobEvents.EnqueueRequested;
import io.tailrace.contracts.job.JobEvents.JobChanged;
import io.tailrace.contracts.job.JobEvents.JobRequested;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.contracts.job.RetryPolicy;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.TopicTail;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.jspecify.annotations.Nullable;

/** Enqueues jobs and reads what becomes of them, from the log alone. Thread-safe. */
public final class TestJobs implements AutoCloseable {
    /** The queue of all jobs of tests. */
    public static final String QUEUE = "default";

    private final Map<UUID, List<Seen>> seen = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> counts = new ConcurrentHashMap<>();
    private final TopicTail tail = new TopicTail(
            "test-events",
            Topics.JOB_EVENTS,
            Topics.FACT_PARTITIONS,
            () -> new KafkaConsumer<>(TestBroker.shared().settings().consumer("test-events")),
            new Backoff(Duration.ofMillis(10), Duration.ofMillis(100), new Random(1)),
            this::read);

    /** An event about a job. */
    public record Seen(String type, JobChanged changed) {}

    /** Reads from now on. */
    public TestJobs() {
        TestDispatcher.makeTopics();
        tail.start();
        try {
            tail.awaitReady(Duration.ofSeconds(60));
        } catch (TimeoutException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void read(ConsumerRecord<byte[], byte[]> record) {
        String type = new String(record.headers().lastHeader(Event.HEADER_TYPE).value(), StandardCharsets.UTF_8);
        if (type.startsWith("job_") && !type.equals(JobEvents.COMMAND_ANSWERED)) {
            try {
                JobChanged changed = Json.read(record.value(), JobChanged.class);
                seen.computeIfAbsent(changed.job().id(), _ -> new CopyOnWriteArrayList<>())
                        .add(new Seen(type, changed));
                counts.computeIfAbsent(type, _ -> new AtomicLong()).incrementAndGet();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A job that is tried as often as that, at once after a failure. */
    public static JobSpec spec(String type, int maxAttempts, int timeoutSeconds) {
        return new JobSpec(
                type, 5, null, 0, null, 0, maxAttempts, timeoutSeconds, null, new RetryPolicy(0, 0, List.of()));
    }

    /** The same for a job whose time comes so much later. */
    public static JobSpec delayed(String type, int maxAttempts, int delaySeconds) {
        return new JobSpec(
                type, 5, null, delaySeconds, null, 0, maxAttempts, 60, null, new RetryPolicy(0, 0, List.of()));
    }

    /** Enqueues a job. */
    public UUID enqueue(JobSpec spec, @Nullable Object payload) {
        UUID id = UUID.randomUUID();
        send(JobEvents.ENQUEUE_REQUESTED, id, new EnqueueRequested(id, QUEUE, spec, payload));
        return id;
    }

    /** Asks for a job to be cancelled. */
    public void cancel(UUID job) {
        UUID id = UUID.randomUUID();
        send(JobEvents.CANCEL_REQUESTED, id, new JobRequested(id, QUEUE, job));
    }

    /** Says, as a worker would, that an attempt begins. */
    public void start(UUID job, long token) {
        UUID id = UUID.randomUUID();
        send(
                JobEvents.ATTEMPT_STARTED,
                id,
                new AttemptReported(id, QUEUE, job, token, "test", null, null, null, false, 0));
    }

    private static void send(String type, UUID id, Object payload) {
        Event event = new Event(id.toString(), type, "/test", Instant.now(), QUEUE, Json.write(payload));
        var unused = TestBroker.shared()
                .send(EventRecords.toRecord(Topics.JOB_COMMANDS, FactKeys.partition(QUEUE), QUEUE, event));
    }

    /** How many events of a type there were so far. */
    public long count(String type) {
        return counts.getOrDefault(type, new AtomicLong()).get();
    }

    /** The types of the events of a job so far, in order. */
    public List<String> types(UUID job) {
        return of(job).stream().map(Seen::type).toList();
    }

    /** The events of a job so far, in order. */
    public List<Seen> of(UUID job) {
        return List.copyOf(seen.getOrDefault(job, List.of()));
    }

    /** Waits for the n-th event of a type about a job, from 1. */
    public JobChanged await(UUID job, String type, int count) {
        Eventually.holds(
                () -> count + " times " + type + " of " + job + "; there are " + types(job),
                () -> types(job).stream().filter(type::equals).count() >= count);
        return of(job).stream()
                .filter(each -> each.type().equals(type))
                .toList()
                .get(count - 1)
                .changed();
    }

    /** Waits for the first event of a type about a job. */
    public JobChanged await(UUID job, String type) {
        return await(job, type, 1);
    }

    @Override
    public void close() {
        try {
            tail.stop();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
