package io.tailrace.kit.job.attempt;

import com.fasterxml.jackson.databind.util.RawValue;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobError;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobEvents.AttemptReported;
import io.tailrace.contracts.job.JobEvents.EnqueueRequested;
import io.tailrace.contracts.job.JobProgress;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.kit.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a worker says of attempts, as it stands in {@code tailrace.job-commands}. Thread-safe. */
public final class AttemptCommands {
    private static final String SOURCE = "/tailrace/workers";

    private final String worker;
    private final InstantSource clock;

    /**
     * Commands of a worker.
     *
     * @param worker names the process, and no process before or after it: a second start by the same worker is taken for a repetition
     * @param clock gives the time of the events; nothing is decided by it
     */
    public AttemptCommands(String worker, InstantSource clock) {
        this.worker = worker;
        this.clock = clock;
    }

    /** Who speaks. */
    public String worker() {
        return worker;
    }

    /** The attempt begins. */
    public Event started(UUID commandId, ReleasedJob job) {
        return event(JobEvents.ATTEMPT_STARTED, commandId, job, worker, null, null, null, false, 0);
    }

    /** The attempt goes on. */
    public Event continued(UUID commandId, ReleasedJob job) {
        return event(JobEvents.ATTEMPT_CONTINUED, commandId, job, null, null, null, null, false, 0);
    }

    /** The attempt has come so far. */
    public Event progressed(UUID commandId, ReleasedJob job, JobProgress progress) {
        return event(JobEvents.ATTEMPT_PROGRESSED, commandId, job, null, progress, null, null, false, 0);
    }

    /** The attempt has ended. */
    public Event ended(UUID commandId, ReleasedJob job, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Succeeded(String result) ->
                event(JobEvents.ATTEMPT_SUCCEEDED, commandId, job, null, null, result, null, false, 0);
            case Outcome.Failed(JobError error, boolean giveUp, long retryAfterMs) ->
                event(JobEvents.ATTEMPT_FAILED, commandId, job, null, null, null, error, giveUp, retryAfterMs);
            case Outcome.HandedBack(long retryAfterMs) ->
                event(JobEvents.ATTEMPT_HANDED_BACK, commandId, job, null, null, null, null, false, retryAfterMs);
        };
    }

    /** A job of a job. */
    public Event enqueued(UUID id, String queue, JobSpec spec, byte[] payload) {
        EnqueueRequested request =
                new EnqueueRequested(id, queue, spec, new RawValue(new String(payload, StandardCharsets.UTF_8)));
        return event(JobEvents.ENQUEUE_REQUESTED, id, queue, request);
    }

    private Event event(
            String type,
            UUID commandId,
            ReleasedJob job,
            @Nullable String worker,
            @Nullable JobProgress progress,
            @Nullable String result,
            @Nullable JobError error,
            boolean giveUp,
            long retryAfterMs) {
        AttemptReported report = new AttemptReported(
                commandId,
                job.queue(),
                job.id(),
                job.token(),
                worker,
                progress,
                result == null ? null : new RawValue(result),
                error,
                giveUp,
                retryAfterMs);
        return event(type, commandId, job.queue(), report);
    }

    private Event event(String type, UUID commandId, String queue, Object payload) {
        return new Event(commandId.toString(), type, SOURCE, clock.instant(), queue, Json.write(payload));
    }
}
