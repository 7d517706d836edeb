package io.tailrace.ingest.testing;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobEvents.AttemptReported;
import io.tailrace.contracts.job.JobEvents.JobChanged;
import io.tailrace.contracts.job.JobEvents.JobReleased;
import io.tailrace.contracts.job.JobEvents.JobView;
import io.tailrace.contracts.job.JobRefusal;
import io.tailrace.contracts.job.JobState;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventRecords;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The part of {@link TestJobDecider} that releases jobs and hears what workers say of attempts. Thread-safe. */
public final class TestAttempts {
    private static final String QUEUE = "default";
    private static final int TIMEOUT_SECONDS = 300;

    private record Attempt(String type, long token, JobState state, @Nullable UUID last, @Nullable String worker) {
        Attempt in(JobState next, UUID command) {
            return new Attempt(type, token, next, command, worker);
        }
    }

    private final Map<UUID, Attempt> attempts = new HashMap<>();
    private final Map<UUID, List<String>> said = new HashMap<>();

    TestAttempts() {}

    /** Releases a new job of a type. */
    public UUID release(String type, @Nullable Object payload) {
        UUID id = UUID.randomUUID();
        synchronized (this) {
            attempts.put(id, new Attempt(type, 1, JobState.READY, null, null));
        }
        write(id, type, 1, payload);
        return id;
    }

    /** Writes the record of a release once more, as a broker brings one whose acknowledgement was lost. */
    public void repeat(UUID id) {
        write(id, attempt(id).type(), attempt(id).token(), null);
    }

    /** A worker has begun an attempt at a job that this has not released, under the token 1. */
    public synchronized void begin(UUID id, String type) {
        attempts.put(id, new Attempt(type, 1, JobState.RUNNING, null, "w"));
    }

    /** Somebody cancels it. */
    public synchronized void cancel(UUID id) {
        Attempt attempt = attempt(id);
        attempts.put(id, new Attempt(attempt.type(), attempt.token(), JobState.CANCELLED, null, attempt.worker()));
    }

    /** Its lease has run out, and another worker has it. */
    public synchronized void supersede(UUID id) {
        Attempt attempt = attempt(id);
        attempts.put(id, new Attempt(attempt.type(), attempt.token() + 1, JobState.RUNNING, null, "another"));
    }

    /** What was said of it, by the types of the commands. */
    public synchronized List<String> said(UUID id) {
        return List.copyOf(said.getOrDefault(id, List.of()));
    }

    /** Who runs it, or null. */
    public synchronized @Nullable String worker(UUID id) {
        return attempt(id).worker();
    }

    private synchronized Attempt attempt(UUID id) {
        Attempt attempt = attempts.get(id);
        if (attempt == null) {
            throw new IllegalArgumentException("no job " + id);
        }
        return attempt;
    }

    private static void write(UUID id, String type, long token, @Nullable Object payload) {
        JobReleased released = new JobReleased(
                id, QUEUE, type, 1, false, token, 5, Instant.EPOCH, Instant.EPOCH, TIMEOUT_SECONDS, 30_000, payload);
        Event event = new Event(
                UUID.randomUUID().toString(),
                JobEvents.JOB_RELEASED,
                "/test",
                Instant.ofEpochMilli(System.currentTimeMillis()),
                type,
                Json.write(released));
        TestBroker.shared()
                .producer()
                .send(EventRecords.toRecord("tailrace.job-ready." + QUEUE, null, id.toString(), event));
    }

    synchronized void hear(String type, AttemptReported report) {
        UUID id = report.jobId();
        Attempt attempt = attempts.get(id);
        if (attempt == null) {
            refuse(report, JobRefusal.UNKNOWN_JOB, null);
            return;
        }
        said.computeIfAbsent(id, _ -> new ArrayList<>()).add(type);
        if (report.commandId().equals(attempt.last())) {
            TestJobDecider.answer(report.commandId(), QUEUE, true, true, null, null, view(id, attempt));
        } else if (report.token() != attempt.token()) {
            refuse(report, JobRefusal.STALE_TOKEN, view(id, attempt));
        } else if (attempt.state() == JobState.CANCELLED) {
            refuse(report, JobRefusal.CANCELLED, view(id, attempt));
        } else if (attempt.state() != JobState.RUNNING && !type.equals(JobEvents.ATTEMPT_STARTED)) {
            refuse(report, JobRefusal.STALE_TOKEN, view(id, attempt));
        } else {
            decide(type, report, attempt);
        }
    }

    private void decide(String type, AttemptReported report, Attempt attempt) {
        switch (type) {
            case JobEvents.ATTEMPT_STARTED -> {
                if (attempt.state() == JobState.RUNNING) {
                    refuse(report, JobRefusal.ALREADY_STARTED, view(report.jobId(), attempt));
                } else {
                    Attempt started = new Attempt(
                            attempt.type(), attempt.token(), JobState.RUNNING, report.commandId(), report.worker());
                    change(JobEvents.JOB_STARTED, report, started);
                }
            }
            case JobEvents.ATTEMPT_CHECKED ->
                TestJobDecider.answer(
                        report.commandId(), QUEUE, true, false, null, null, view(report.jobId(), attempt));
            case JobEvents.ATTEMPT_PROGRESSED -> change(JobEvents.JOB_PROGRESSED, report, attempt);
            case JobEvents.ATTEMPT_SUCCEEDED ->
                change(JobEvents.JOB_SUCCEEDED, report, attempt.in(JobState.SUCCEEDED, report.commandId()));
            case JobEvents.ATTEMPT_FAILED ->
                change(
                        report.giveUp() ? JobEvents.JOB_DEAD : JobEvents.JOB_RETRYING,
                        report,
                        attempt.in(report.giveUp() ? JobState.DEAD : JobState.RETRYING, report.commandId()));
            case JobEvents.ATTEMPT_HANDED_BACK ->
                change(JobEvents.JOB_RETRYING, report, attempt.in(JobState.READY, report.commandId()));
            default -> throw new IllegalArgumentException(type);
        }
    }

    private void change(String type, AttemptReported report, Attempt after) {
        attempts.put(report.jobId(), after);
        TestJobDecider.publish(
                QUEUE,
                type,
                new JobChanged(
                        view(report.jobId(), after),
                        report.commandId(),
                        null,
                        report.token(),
                        null,
                        report.progress(),
                        report.error(),
                        report.result()));
    }

    private static void refuse(AttemptReported report, JobRefusal reason, @Nullable JobView job) {
        TestJobDecider.answer(report.commandId(), report.queue(), false, false, reason, null, job);
    }

    private static JobView view(UUID id, Attempt attempt) {
        return new JobView(
                id,
                QUEUE,
                attempt.type(),
                attempt.state().label(),
                5,
                Instant.EPOCH,
                1,
                5,
                TIMEOUT_SECONDS,
                null,
                null,
                Instant.EPOCH,
                null,
                null,
                attempt.worker());
    }
}
