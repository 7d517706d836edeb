package io.tailrace.dispatcher.job;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobError;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobEvents.AttemptReported;
import io.tailrace.contracts.job.JobEvents.JobChanged;
import io.tailrace.contracts.job.JobEvents.JobReleased;
import io.tailrace.contracts.job.JobProgress;
import io.tailrace.contracts.job.JobQueue;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.contracts.job.QueueLimits;
import io.tailrace.contracts.job.RetryPolicy;
import io.tailrace.dispatcher.ProductionConfig;
import io.tailrace.dispatcher.testing.Facts;
import io.tailrace.dispatcher.testing.Harness;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The job topology as production builds it. */
final class JobHarness implements AutoCloseable {
    static final String QUEUE = "default";
    static final Duration LEASE = Duration.ofSeconds(30);
    private static final JobTopics TOPICS =
            new JobTopics("commands", "events", "tailrace.channels.job", "tailrace.channels.jobs");

    private final JobQueues queues;
    private Harness harness;
    private final Map<String, TestOutputTopic<byte[], byte[]>> outputs = new HashMap<>();
    private Duration elapsed = Duration.ZERO;
    private int ids;

    /** With a queue of a credit. */
    JobHarness(int credit) {
        queues = JobQueues.of(List.of(
                new JobQueue(QUEUE, 1, credit, 1_000, QueueLimits.NONE),
                new JobQueue("other", 1, credit, 2, QueueLimits.NONE)));
        harness = open();
    }

    private Harness open() {
        DeskSettings desk =
                new DeskSettings(LEASE, Duration.ofMinutes(10), Duration.ofHours(1), Duration.ofDays(7), 50);
        JobSettings settings = new JobSettings(
                1,
                900_000,
                queues,
                Duration.ofMillis(50),
                100,
                desk,
                Duration.ofMillis(4),
                Duration.ofMillis(25),
                25,
                Duration.ofMillis(100));
        return new Harness(
                JobTopology.build(TOPICS, settings, Harness.FORM), ProductionConfig.of("tailrace-jobs-test"));
    }

    /** The state in another instance, as after a restart or a move to another machine. */
    void restart() {
        List<KeyValue<Bytes, byte[]>> entries = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> all = store().all()) {
            all.forEachRemaining(entries::add);
        }
        harness.close();
        harness = open();
        outputs.clear();
        entries.forEach(entry -> store().put(entry.key, entry.value));
        // Not earlier: the task does not expect entries that it has not written.
        harness.driver().advanceWallClockTime(elapsed);
    }

    KeyValueStore<Bytes, byte[]> store() {
        return harness.driver().getKeyValueStore("jobs");
    }

    Harness harness() {
        return harness;
    }

    /** The wall clock alone goes on; the log's time follows if the topology says so. */
    void wait(Duration time) {
        harness.driver().advanceWallClockTime(time);
    }

    UUID nextId() {
        return new UUID(0x0197_0000_0000_7000L, 0x8000_0001_0000_0000L + ++ids);
    }

    static JobSpec spec(String type, @Nullable Instant runAt) {
        return new JobSpec(type, 5, runAt, 0, null, 0, 3, 60, null, new RetryPolicy(1_000, 10_000, List.of("fatal")));
    }

    /** Enqueues a job, and gives its id. */
    UUID enqueue(JobSpec spec, Object payload) {
        UUID id = nextId();
        send(QUEUE, JobEvents.ENQUEUE_REQUESTED, new JobEvents.EnqueueRequested(id, QUEUE, spec, payload));
        return id;
    }

    UUID enqueue() {
        return enqueue(spec("resize", null), Map.of("width", 100));
    }

    void request(String type, UUID job) {
        send(QUEUE, type, new JobEvents.JobRequested(nextId(), QUEUE, job));
    }

    void limit(String type, @Nullable QueueLimits limits) {
        send(QUEUE, type, new JobEvents.QueueRequested(nextId(), QUEUE, limits));
    }

    /** A worker that has started a job could not try. */
    void handBack(JobReleased job, Duration wait) {
        send(
                QUEUE,
                JobEvents.ATTEMPT_HANDED_BACK,
                new AttemptReported(
                        nextId(), QUEUE, job.id(), job.token(), null, null, null, null, false, wait.toMillis()));
    }

    void report(String type, JobReleased job) {
        boolean failed = type.equals(JobEvents.ATTEMPT_FAILED);
        send(
                QUEUE,
                type,
                new AttemptReported(
                        nextId(),
                        QUEUE,
                        job.id(),
                        job.token(),
                        "worker-1",
                        new JobProgress(0.5, "half"),
                        type.equals(JobEvents.ATTEMPT_SUCCEEDED) ? Map.of("bytes", 7) : null,
                        failed ? new JobError("broken", "it broke") : null,
                        false,
                        0));
    }

    void send(String key, String type, Object payload) {
        input(key, Facts.event(type, payload));
    }

    void input(String key, Event event) {
        harness.input(TOPICS.commands())
                .pipeInput(new TestRecord<>(Facts.bytes(key), event.data(), Facts.headers(event), now()));
    }

    private Instant now() {
        return Facts.NOW.plus(elapsed);
    }

    /** Time passes, for the log as well. */
    void pass(Duration time) {
        elapsed = elapsed.plus(time);
        wait(time);
    }

    List<TestRecord<byte[], byte[]>> records(String topic) {
        return outputs.computeIfAbsent(topic, harness::output).readRecordsToList();
    }

    /** What {@code job-events} got since the last look, as {@code type state}. */
    List<String> events() {
        return records(TOPICS.events()).stream()
                .map(record -> Facts.header(record, "ce_type") + " "
                        + (Facts.header(record, "ce_type").equals(JobEvents.COMMAND_ANSWERED)
                                ? reason(record)
                                : Facts.header(record, "ce_type").equals(JobEvents.QUEUE_CHANGED)
                                        ? read(record, JobEvents.QueueChanged.class)
                                                .paused()
                                        : read(record, JobChanged.class).job().state()))
                .toList();
    }

    private static String reason(TestRecord<byte[], byte[]> record) {
        JobEvents.CommandAnswered answer = read(record, JobEvents.CommandAnswered.class);
        return answer.accepted() ? (answer.repeated() ? "repeated" : "existing") : String.valueOf(answer.reason());
    }

    /** What was released since the last look. */
    List<JobReleased> released() {
        return records("tailrace.job-ready." + QUEUE).stream()
                .map(record -> read(record, JobReleased.class))
                .toList();
    }

    static <T> T read(TestRecord<byte[], byte[]> record, Class<T> type) {
        try {
            return Json.read(record.value(), type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        harness.close();
    }
}
