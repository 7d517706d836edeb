package io.tailrace.projections.job;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobEvents.JobLogged;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.json.UnreadablePayload;
import io.tailrace.projections.projection.Payloads;
import io.tailrace.projections.projection.Projection;

/** {@code tailrace.job-logs} to {@link JobLogChange}. */
public final class JobLogProjection implements Projection<JobLogChange> {
    /** The name, which the API waits for. */
    public static final String NAME = "job_logs";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String topic() {
        return Topics.JOB_LOGS;
    }

    @Override
    public ParsedRecord<JobLogChange> read(LogEntry entry) {
        return switch (entry) {
            case LogEntry.Tombstone _ ->
                new ParsedRecord.Poison<>("a record without a value: logs of jobs are not compacted");
            case LogEntry.Fact fact -> read(fact.key(), fact.event());
        };
    }

    private static ParsedRecord<JobLogChange> read(String key, Event event) {
        if (!event.type().equals(JobEvents.JOB_LOGGED)) {
            return new ParsedRecord.Ignored<>();
        }
        try {
            JobLogged logged = Payloads.read(event, JobLogged.class);
            Payloads.requireKey(key, "job_id", logged.jobId());
            return new ParsedRecord.Changes<>(new JobLogChange(logged, event.time()));
        } catch (UnreadablePayload e) {
            return new ParsedRecord.Poison<>(e.reason());
        }
    }
}
