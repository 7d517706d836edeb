package io.tailrace.dispatcher.job;

import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.ScheduleEvents;
import io.tailrace.contracts.job.ScheduleEvents.ScheduleFired;
import io.tailrace.contracts.job.ScheduleEvents.ScheduleSkipped;
import io.tailrace.contracts.job.ScheduleFiring;
import io.tailrace.kit.json.Json;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What became of the firings of schedules: to {@code tailrace.job-events}, and to the channel of the schedules. A firing that was decided
 * before is told no second time. One task's; not thread-safe.
 */
final class FiringRecords {
    /** Apart from what else is told of a command; see {@link JobRecords}. */
    private static final int ID_VARIANT = 0x8000;

    private final Sink sink;

    /** Where records go. */
    interface Sink {
        /** Forwards an event to a sink of the topology. */
        void forward(String sink, String key, UUID id, String type, @Nullable String subject, byte[] data, long nowMs);
    }

    FiringRecords(Sink sink) {
        this.sink = sink;
    }

    /** A job is new, or begun anew; only of the former the cause may be a firing. */
    void fired(@Nullable JobCommand cause, StoredJob job, long nowMs) {
        if (cause instanceof JobCommand.Enqueue enqueue && enqueue.firing() != null) {
            ScheduleFiring firing = enqueue.firing();
            ScheduleFired fired = new ScheduleFired(firing.name(), firing.plannedAt(), enqueue.queue(), job.id());
            tell(enqueue, ScheduleEvents.SCHEDULE_FIRED, fired, nowMs);
        }
    }

    /**
     * A job was not enqueued.
     *
     * @param job the one that is not finished, if that is the reason
     */
    void skipped(JobCommand cause, String reason, @Nullable StoredJob job, long nowMs) {
        if (cause instanceof JobCommand.Enqueue enqueue && enqueue.firing() != null) {
            ScheduleFiring firing = enqueue.firing();
            ScheduleSkipped skipped = new ScheduleSkipped(
                    firing.name(), firing.plannedAt(), reason, 1, enqueue.queue(), job == null ? null : job.id());
            tell(enqueue, ScheduleEvents.SCHEDULE_SKIPPED, skipped, nowMs);
        }
    }

    private void tell(JobCommand.Enqueue cause, String type, Object payload, long nowMs) {
        UUID id = JobRecords.variant(cause.commandId(), ID_VARIANT);
        byte[] data = Json.write(payload);
        sink.forward(JobRecords.EVENTS_SINK, cause.queue(), id, type, null, data, nowMs);
        String channel = ScheduleEvents.CHANNEL;
        sink.forward(JobRecords.JOBS_SINK, channel, id, type, channel, data, nowMs);
    }
}
