package io.tailrace.ingest.testing;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobEvents.AttemptReported;
import io.tailrace.contracts.job.JobEvents.CommandAnswered;
import io.tailrace.contracts.job.JobEvents.EnqueueRequested;
import io.tailrace.contracts.job.JobEvents.JobChanged;
import io.tailrace.contracts.job.JobEvents.JobRequested;
import io.tailrace.contracts.job.JobEvents.JobView;
import io.tailrace.contracts.job.JobEvents.QueueChanged;
import io.tailrace.contracts.job.JobEvents.QueueRequested;
import io.tailrace.contracts.job.JobFingerprint;
import io.tailrace.contracts.job.JobRefusal;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.contracts.job.JobState;
import io.tailrace.contracts.job.QueueLimits;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventReading;
import io.tailrace.kit.kafka.EventRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Somebody on the other side of the log who decides commands for jobs, by the contracts alone. Simple: nothing runs unless a test says
 * so, and a queue takes what comes unless it is said to be full. Thread-safe.
 */
public final class TestJobDecider {
    private static final class Shared {
        static final TestJobDecider DECIDER = new TestJobDecider();
    }

    private record Job(JobCommand.Enqueue command, JobState state, Instant runAt) {}

    private final Map<UUID, Job> jobs = new HashMap<>();
    private final TestAttempts attempts = new TestAttempts();
    private final Map<UUID, UUID> lastCommands = new HashMap<>();
    private final Map<String, Boolean> paused = new HashMap<>();
    private final Map<String, QueueLimits> limits = new HashMap<>();
    private final List<ConsumerRecord<byte[], byte[]>> heldBack = new ArrayList<>();
    private boolean holdsBack;
    private @Nullable String full;

    private TestJobDecider() {
        Thread.ofPlatform().daemon().name("test-job-decider").start(this::run);
    }

    /** The one of this JVM. */
    public static TestJobDecider shared() {
        return Shared.DECIDER;
    }

    /** Jobs that are released, and what workers say of them. */
    public TestAttempts attempts() {
        return attempts;
    }

    /** Decides nothing until {@link #goOn()}. */
    public synchronized void holdBack() {
        holdsBack = true;
    }

    /** Decides what was held back, and everything that comes. */
    public synchronized void goOn() {
        holdsBack = false;
        heldBack.forEach(this::take);
        heldBack.clear();
        // Else what was decided comes into the log when the next test has copied all of it.
        TestBroker.shared().producer().flush();
    }

    /** Takes no further job for a queue; null for any again. */
    public synchronized void fill(@Nullable String queue) {
        full = queue;
    }

    /** A job is in another state, as if it had been run. */
    public synchronized void put(UUID id, JobState state) {
        Job job = Objects.requireNonNull(jobs.get(id));
        jobs.put(id, new Job(job.command(), state, job.runAt()));
    }

    private void run() {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(TestBroker.shared().settings().consumer("job-decider"))) {
            List<TopicPartition> partitions = IntStream.range(0, Topics.FACT_PARTITIONS)
                    .mapToObj(partition -> new TopicPartition(Topics.JOB_COMMANDS, partition))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (true) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
                    take(record);
                }
            }
        }
    }

    private synchronized void take(ConsumerRecord<byte[], byte[]> record) {
        if (holdsBack) {
            heldBack.add(record);
            return;
        }
        try {
            if (EventRecords.read(record) instanceof EventReading.Readable(Event event)) {
                decide(event);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void decide(Event event) throws IOException {
        switch (event.type()) {
            case JobEvents.ENQUEUE_REQUESTED -> {
                EnqueueRequested request = Json.read(event.data(), EnqueueRequested.class);
                Object payload = request.payload();
                String json = payload == null ? "null" : new String(Json.write(payload), StandardCharsets.UTF_8);
                enqueue(new JobCommand.Enqueue(request.commandId(), request.queue(), request.job(), json), payload);
            }
            case JobEvents.CANCEL_REQUESTED, JobEvents.RETRY_REQUESTED, JobEvents.RUN_NOW_REQUESTED ->
                change(event.type(), Json.read(event.data(), JobRequested.class));
            case JobEvents.ATTEMPT_STARTED,
                    JobEvents.ATTEMPT_CHECKED,
                    JobEvents.ATTEMPT_PROGRESSED,
                    JobEvents.ATTEMPT_SUCCEEDED,
                    JobEvents.ATTEMPT_FAILED,
                    JobEvents.ATTEMPT_HANDED_BACK ->
                attempts.hear(event.type(), Json.read(event.data(), AttemptReported.class));
            // Of erasures; the jobs here are nobody's.
            case JobEvents.ERASE_REQUESTED -> {}
            default -> change(event.type(), Json.read(event.data(), QueueRequested.class));
        }
    }

    private void enqueue(JobCommand.Enqueue command, @Nullable Object payload) {
        String fingerprint = JobFingerprint.text(JobFingerprint.of(command));
        Job known = jobs.get(command.commandId());
        Job holder = jobs.values().stream()
                .filter(job -> job.command().queue().equals(command.queue())
                        && !job.state().isFinal()
                        && job.command().spec().uniqueKey() != null
                        && job.command()
                                .spec()
                                .uniqueKey()
                                .equals(command.spec().uniqueKey()))
                .findFirst()
                .orElse(null);
        UUID id = command.commandId();
        if (known != null) {
            boolean same = JobFingerprint.of(known.command()) == JobFingerprint.of(command);
            answer(id, command.queue(), same, same, same ? null : JobRefusal.ID_REUSED, fingerprint, view(known));
        } else if (holder != null) {
            answer(id, command.queue(), true, false, null, fingerprint, view(holder));
        } else if (command.queue().equals(full)) {
            answer(id, command.queue(), false, false, JobRefusal.QUEUE_FULL, fingerprint, null);
        } else {
            Instant now = Instant.ofEpochMilli(System.currentTimeMillis());
            Instant runAt = Instant.ofEpochMilli(command.spec().dueMs(now.toEpochMilli()));
            Job job = new Job(command, runAt.isAfter(now) ? JobState.SCHEDULED : JobState.READY, runAt);
            jobs.put(id, job);
            publish(
                    command.queue(),
                    JobEvents.JOB_SCHEDULED,
                    new JobChanged(view(job), id, fingerprint, null, payload, null, null, null));
        }
    }

    private void change(String type, JobRequested request) {
        UUID id = request.jobId();
        Job job = jobs.get(id);
        if (job == null) {
            answer(request.commandId(), request.queue(), false, false, JobRefusal.UNKNOWN_JOB, null, null);
            return;
        }
        if (request.commandId().equals(lastCommands.get(id))) {
            answer(request.commandId(), request.queue(), true, true, null, null, view(job));
            return;
        }
        JobState next =
                switch (type) {
                    case JobEvents.CANCEL_REQUESTED -> job.state().isFinal() ? null : JobState.CANCELLED;
                    case JobEvents.RETRY_REQUESTED ->
                        job.state() == JobState.DEAD || job.state() == JobState.CANCELLED ? JobState.READY : null;
                    default ->
                        job.state() == JobState.SCHEDULED || job.state() == JobState.RETRYING ? JobState.READY : null;
                };
        if (next == null) {
            answer(request.commandId(), request.queue(), false, false, JobRefusal.WRONG_STATE, null, view(job));
            return;
        }
        Job changed = new Job(job.command(), next, job.runAt());
        jobs.put(id, changed);
        lastCommands.put(id, request.commandId());
        publish(
                request.queue(),
                next == JobState.CANCELLED ? JobEvents.JOB_CANCELLED : JobEvents.JOB_SCHEDULED,
                new JobChanged(view(changed), request.commandId(), null, null, null, null, null, null));
    }

    private void change(String type, QueueRequested request) {
        String queue = request.queue();
        switch (type) {
            case JobEvents.PAUSE_REQUESTED -> paused.put(queue, true);
            case JobEvents.RESUME_REQUESTED -> paused.put(queue, false);
            default -> limits.put(queue, request.limits() == null ? QueueLimits.NONE : request.limits());
        }
        publish(
                queue,
                JobEvents.QUEUE_CHANGED,
                new QueueChanged(
                        queue,
                        paused.getOrDefault(queue, false),
                        limits.getOrDefault(queue, QueueLimits.NONE),
                        request.commandId()));
    }

    private static JobView view(Job job) {
        JobSpec spec = job.command().spec();
        return new JobView(
                job.command().commandId(),
                job.command().queue(),
                spec.type(),
                job.state().label(),
                spec.priority(),
                job.runAt(),
                0,
                spec.maxAttempts(),
                spec.timeoutSeconds(),
                spec.key(),
                spec.uniqueKey(),
                Instant.EPOCH,
                null,
                null,
                null);
    }

    static void answer(
            UUID id,
            String queue,
            boolean accepted,
            boolean repeated,
            @Nullable JobRefusal reason,
            @Nullable String fingerprint,
            @Nullable JobView job) {
        publish(
                queue,
                JobEvents.COMMAND_ANSWERED,
                new CommandAnswered(
                        id, queue, accepted, repeated, reason == null ? null : reason.label(), fingerprint, job));
    }

    static void publish(String queue, String type, Object payload) {
        Event event = new Event(
                UUID.randomUUID().toString(),
                type,
                "/test",
                Instant.ofEpochMilli(System.currentTimeMillis()),
                null,
                Json.write(payload));
        TestBroker.shared().producer().send(EventRecords.toRecord(Topics.JOB_EVENTS, null, queue, event));
    }
}
