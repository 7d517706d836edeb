package io.tailrace.projections.job;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobError;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobEvents.JobChanged;
import io.tailrace.contracts.job.JobEvents.JobView;
import io.tailrace.contracts.job.JobEvents.QueueChanged;
import io.tailrace.contracts.job.JobProgress;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.json.UnreadablePayload;
import io.tailrace.projections.projection.Payloads;
import io.tailrace.projections.projection.Projection;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** {@code tailrace.job-events} to {@link JobChange}. Answers to commands that changed nothing are ignored. */
public final class JobProjection implements Projection<JobChange> {
    /** The name, which the API waits for. */
    public static final String NAME = "jobs";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String topic() {
        return Topics.JOB_EVENTS;
    }

    @Override
    public ParsedRecord<JobChange> read(LogEntry entry) {
        return switch (entry) {
            case LogEntry.Tombstone _ ->
                new ParsedRecord.Poison<>("a record without a value: events of jobs are not compacted");
            case LogEntry.Fact fact -> read(fact.key(), fact.event());
        };
    }

    private static ParsedRecord<JobChange> read(String key, Event event) {
        try {
            return switch (event.type()) {
                case JobEvents.JOB_SCHEDULED -> job(key, event, JobEvent.Kind.SCHEDULED);
                case JobEvents.JOB_STARTED -> job(key, event, JobEvent.Kind.STARTED);
                case JobEvents.JOB_PROGRESSED -> job(key, event, JobEvent.Kind.PROGRESSED);
                case JobEvents.JOB_RETRYING -> job(key, event, JobEvent.Kind.RETRYING);
                case JobEvents.JOB_SUCCEEDED -> job(key, event, JobEvent.Kind.SUCCEEDED);
                case JobEvents.JOB_DEAD -> job(key, event, JobEvent.Kind.DEAD);
                case JobEvents.JOB_CANCELLED -> job(key, event, JobEvent.Kind.CANCELLED);
                case JobEvents.QUEUE_CHANGED -> queue(key, event);
                default -> new ParsedRecord.Ignored<>();
            };
        } catch (UnreadablePayload e) {
            return new ParsedRecord.Poison<>(e.reason());
        }
    }

    private static ParsedRecord<JobChange> job(String key, Event event, JobEvent.Kind kind) throws UnreadablePayload {
        JobChanged changed = Payloads.read(event, JobChanged.class);
        JobView job = Payloads.require("job", changed.job());
        Payloads.require("job.id", job.id());
        requireSame(key, "job.queue", job.queue());
        Payloads.require("job.type", job.type());
        Payloads.require("job.state", job.state());
        Payloads.require("job.run_at", job.runAt());
        Payloads.require("job.enqueued_at", job.enqueuedAt());
        if (kind == JobEvent.Kind.RETRYING || kind == JobEvent.Kind.DEAD) {
            Payloads.require("error", changed.error());
        }
        JobEvent happened = new JobEvent(
                kind,
                storable(job),
                // A payload that is null cannot be told from none.
                kind == JobEvent.Kind.SCHEDULED && changed.fingerprint() != null,
                event.time(),
                json("payload", changed.payload()),
                storable(changed.progress()),
                storable(changed.error()),
                json("result", changed.result()));
        return new ParsedRecord.Changes<>(new JobChange.Happened(happened));
    }

    private static ParsedRecord<JobChange> queue(String key, Event event) throws UnreadablePayload {
        QueueChanged changed = Payloads.read(event, QueueChanged.class);
        requireSame(key, "queue", changed.queue());
        Payloads.require("limits", changed.limits());
        return new ParsedRecord.Changes<>(new JobChange.Queue(changed, event.time()));
    }

    private static void requireSame(String key, String field, @Nullable String value) throws UnreadablePayload {
        if (!Payloads.require(field, value).equals(key)) {
            throw new UnreadablePayload(field + ": " + value + ", expected what the key says");
        }
    }

    private static @Nullable String json(String field, @Nullable Object value) throws UnreadablePayload {
        try {
            return value == null ? null : new String(Json.write(value), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new UnreadablePayload(field + ": " + e.getMessage());
        }
    }

    private static JobView storable(JobView job) {
        return new JobView(
                job.id(),
                job.queue(),
                job.type(),
                job.state(),
                job.priority(),
                job.runAt(),
                job.attempt(),
                job.maxAttempts(),
                job.timeoutSeconds(),
                storable(job.key()),
                storable(job.uniqueKey()),
                job.enqueuedAt(),
                job.startedAt(),
                job.finishedAt(),
                storable(job.worker()));
    }

    private static @Nullable JobProgress storable(@Nullable JobProgress progress) {
        return progress == null ? null : new JobProgress(progress.fraction(), storable(progress.message()));
    }

    private static @Nullable JobError storable(@Nullable JobError error) throws UnreadablePayload {
        return error == null
                ? null
                : new JobError(
                        Payloads.require("error.type", storable(error.type())),
                        Payloads.require("error.message", storable(error.message())));
    }

    /**
     * A text of somebody's handler, as PostgreSQL can keep it: the state of a job must not be lost because the message of its error
     * has a U+0000.
     */
    private static @Nullable String storable(@Nullable String text) {
        if (text == null) {
            return null;
        }
        byte[] bytes = text.replace('\0', '\ufffd').getBytes(StandardCharsets.UTF_8);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
