package io.tailrace.dispatcher.schedule;

import com.fasterxml.jackson.databind.util.RawValue;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.identity.DerivedId;
import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobSchedule;
import io.tailrace.contracts.job.ScheduleEvents;
import io.tailrace.contracts.job.ScheduleEvents.ScheduleChanged;
import io.tailrace.contracts.job.ScheduleEvents.ScheduleDeleted;
import io.tailrace.contracts.job.ScheduleEvents.ScheduleSkipped;
import io.tailrace.kit.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Puts effects into the records of the sinks. That a firing enqueued a job, or did not, is told by the topology of the jobs, which
 * decides it. One task's; not thread-safe.
 */
final class ScheduleRecords implements ScheduleOutput {
    static final String JOBS_SINK = "job-commands";
    static final String CHANNEL_SINK = "jobs-channel";
    static final String CLOCK_SINK = "clock";

    private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.UTF_8);
    private static final String SOURCE = "/tailrace/event-dispatcher";

    private final ProcessorContext<byte[], byte[]> context;
    private final ScheduleSensors sensors;

    ScheduleRecords(ProcessorContext<byte[], byte[]> context) {
        this.context = context;
        this.sensors = ScheduleSensors.of(context);
    }

    @Override
    public void tell(ScheduleEffect effect, long nowMs) {
        sensors.count(effect);
        switch (effect) {
            case ScheduleEffect.Changed(JobSchedule schedule, long nextMs) ->
                toChannel(ScheduleEvents.SCHEDULE_CHANGED, schedule.name(), changed(schedule, nextMs), nowMs);
            case ScheduleEffect.Deleted(String name) ->
                toChannel(ScheduleEvents.SCHEDULE_DELETED, name, new ScheduleDeleted(name), nowMs);
            case ScheduleEffect.Missed(JobSchedule schedule, long lastMs, int count) ->
                toChannel(
                        ScheduleEvents.SCHEDULE_SKIPPED,
                        schedule.name(),
                        new ScheduleSkipped(
                                schedule.name(),
                                Instant.ofEpochMilli(lastMs),
                                ScheduleEvents.REASON_MISSED,
                                count,
                                schedule.queue(),
                                null),
                        nowMs);
            case ScheduleEffect.Fired(JobSchedule schedule, long plannedMs) ->
                enqueue(schedule.fire(Instant.ofEpochMilli(plannedMs)), nowMs);
        }
    }

    private static ScheduleChanged changed(JobSchedule schedule, long nextMs) {
        return new ScheduleChanged(
                schedule.name(),
                schedule.cron(),
                schedule.timeZone(),
                schedule.missed().label(),
                schedule.overlap().label(),
                schedule.queue(),
                schedule.job().type(),
                nextMs == ArmedSchedule.NEVER ? null : Instant.ofEpochMilli(nextMs));
    }

    private void enqueue(JobCommand.Enqueue command, long nowMs) {
        JobEvents.EnqueueRequested request = new JobEvents.EnqueueRequested(
                command.commandId(),
                command.queue(),
                command.spec(),
                new RawValue(command.payload()),
                command.firing());
        forward(
                JOBS_SINK,
                command.queue(),
                command.commandId(),
                JobEvents.ENQUEUE_REQUESTED,
                command.queue(),
                Json.write(request),
                nowMs);
    }

    private void toChannel(String type, String name, Object payload, long nowMs) {
        // The same in every attempt of a transaction, and another one for each event.
        String cause = context.recordMetadata()
                .map(record -> record.partition() + "@" + record.offset())
                .orElse("");
        UUID id = DerivedId.of(SOURCE, type, cause + "/" + name);
        String channel = ScheduleEvents.CHANNEL;
        forward(CHANNEL_SINK, channel, id, type, channel, Json.write(payload), nowMs);
    }

    @Override
    public void tick(long nowMs) {
        int partition = context.taskId().partition();
        UUID id = new UUID(nowMs << Short.SIZE | 0x7000L, 0x8000_0000_0000_0000L | partition);
        forward(CLOCK_SINK, JobEvents.CLOCK_KEY + partition, id, JobEvents.TIME_PASSED, null, EMPTY, nowMs);
    }

    private void forward(
            String sink, String key, UUID id, String type, @Nullable String subject, byte[] data, long nowMs) {
        Event event = new Event(id.toString(), type, SOURCE, Instant.ofEpochMilli(nowMs), subject, data);
        RecordHeaders headers = new RecordHeaders();
        event.headers().forEach(header -> headers.add(header.name(), header.value()));
        context.forward(new Record<>(key.getBytes(StandardCharsets.UTF_8), data, nowMs, headers), sink);
    }
}
