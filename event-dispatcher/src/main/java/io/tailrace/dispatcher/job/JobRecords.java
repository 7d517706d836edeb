package io.tailrace.dispatcher.job;

import com.fasterxml.jackson.databind.util.RawValue;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobError;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobEvents.CommandAnswered;
import io.tailrace.contracts.job.JobEvents.QueueChanged;
import io.tailrace.contracts.job.JobFingerprint;
import io.tailrace.contracts.job.JobProgress;
import io.tailrace.contracts.job.JobRefusal;
import io.tailrace.contracts.job.ScheduleEvents;
import io.tailrace.kit.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * Puts effects into the records of the sinks: to {@code tailrace.job-events} all that is known, to the channels what those who look may
 * see, which is neither payloads nor tokens, and released jobs to the topic of their queue. One task's; not thread-safe.
 */
final class JobRecords implements JobOutput {
    static final String EVENTS_SINK = "job-events";
    static final String JOB_SINK = "job-channel";
    static final String JOBS_SINK = "jobs-channel";
    static final String CLOCK_SINK = "clock";

    private static final byte[] EMPTY = "{}".getBytes(StandardCharsets.UTF_8);
    private static final String SOURCE = "/tailrace/event-dispatcher";

    /** The bits of an id that may be changed without its ceasing to be a UUIDv7. */
    private static final long RANDOM_BITS = 0x0fff_ffff_ffff_ffffL;

    private final ProcessorContext<byte[], byte[]> context;
    private final JobSensors sensors;
    private final FiringRecords firings;

    JobRecords(ProcessorContext<byte[], byte[]> context) {
        this.context = context;
        this.sensors = JobSensors.of(context);
        this.firings = new FiringRecords(this::forward);
    }

    /** The name of the sink of a queue's released jobs. */
    static String readySink(String queue) {
        return "ready-" + queue;
    }

    @Override
    public void tell(JobEffect effect, long nowMs) {
        sensors.count(effect);
        switch (effect) {
            case JobEffect.OfJob ofJob -> {
                changed(ofJob, nowMs);
                if (ofJob instanceof JobEffect.Scheduled(StoredJob job, JobCommand cause, var _)) {
                    firings.fired(cause, job, nowMs);
                }
            }
            case JobEffect.Released(StoredJob job, String payload, long leaseMs) -> {
                UUID id = variant(job.id(), job.token() << Short.SIZE | 1);
                byte[] json = Json.write(JobViews.released(job, leaseMs, new RawValue(payload)));
                String key = job.id().toString();
                forward(
                        readySink(job.queue()),
                        key,
                        id,
                        JobEvents.JOB_RELEASED,
                        job.spec().type(),
                        json,
                        nowMs);
            }
            case JobEffect.QueueChanged(QueueState queue, JobCommand cause) -> changed(queue, cause, nowMs);
            case JobEffect.Repeated(JobCommand cause, StoredJob job) -> answered(cause, true, true, null, job, nowMs);
            case JobEffect.Confirmed(JobCommand cause, StoredJob job) -> answered(cause, true, false, null, job, nowMs);
            case JobEffect.Erased(JobCommand cause) -> answered(cause, true, false, null, null, nowMs);
            case JobEffect.Existing(JobCommand cause, StoredJob job) -> {
                answered(cause, true, false, null, job, nowMs);
                firings.skipped(cause, ScheduleEvents.REASON_OVERLAP, job, nowMs);
            }
            case JobEffect.Refused(JobCommand cause, JobRefusal reason, StoredJob job) -> {
                answered(cause, false, false, reason, job, nowMs);
                firings.skipped(cause, reason.label(), null, nowMs);
            }
        }
    }

    private void changed(JobEffect.OfJob effect, long nowMs) {
        String payload = null;
        JobProgress progress = null;
        JobError error = null;
        String result = null;
        String type =
                switch (effect) {
                    case JobEffect.Scheduled scheduled -> {
                        payload = scheduled.payload();
                        yield JobEvents.JOB_SCHEDULED;
                    }
                    case JobEffect.Started _ -> JobEvents.JOB_STARTED;
                    case JobEffect.Progressed progressed -> {
                        progress = progressed.progress();
                        yield JobEvents.JOB_PROGRESSED;
                    }
                    case JobEffect.Retrying retrying -> {
                        error = retrying.error();
                        yield JobEvents.JOB_RETRYING;
                    }
                    case JobEffect.Succeeded succeeded -> {
                        result = succeeded.result();
                        yield JobEvents.JOB_SUCCEEDED;
                    }
                    case JobEffect.Dead dead -> {
                        error = dead.error();
                        yield JobEvents.JOB_DEAD;
                    }
                    case JobEffect.Cancelled _ -> JobEvents.JOB_CANCELLED;
                };
        StoredJob job = effect.job();
        JobCommand cause = effect.cause();
        // Once for all three: it is most of each.
        RawValue view = new RawValue(new String(Json.write(JobViews.of(job)), StandardCharsets.UTF_8));
        UUID id = variant(job.id(), (long) job.revision() << Short.SIZE);
        RawValue raw = result == null ? null : new RawValue(result);
        Changed whole = new Changed(
                view,
                cause == null ? null : cause.commandId(),
                cause instanceof JobCommand.Enqueue
                        ? JobFingerprint.text(job.origin().fingerprint())
                        : null,
                job.token() == 0 ? null : job.token(),
                payload == null ? null : new RawValue(payload),
                progress,
                error,
                raw);
        forward(EVENTS_SINK, job.queue(), id, type, null, Json.write(whole), nowMs);
        byte[] seen = Json.write(new Changed(view, null, null, null, null, progress, error, raw));
        toChannel(JOB_SINK, "job:" + job.id(), id, type, seen, nowMs);
        toChannel(JOBS_SINK, "jobs:" + job.queue(), id, type, seen, nowMs);
    }

    /** A {@link JobEvents.JobChanged} whose job is JSON already; the order of the fields is that of it. */
    private record Changed(
            RawValue job,
            @Nullable UUID commandId,
            @Nullable String fingerprint,
            @Nullable Long token,
            @Nullable RawValue payload,
            @Nullable JobProgress progress,
            @Nullable JobError error,
            @Nullable RawValue result) {}

    private void changed(QueueState queue, JobCommand cause, long nowMs) {
        UUID id = variant(cause.commandId(), 1);
        QueueChanged whole = new QueueChanged(queue.name(), queue.paused(), queue.limits(), cause.commandId());
        forward(EVENTS_SINK, queue.name(), id, JobEvents.QUEUE_CHANGED, null, Json.write(whole), nowMs);
        byte[] seen = Json.write(new QueueChanged(queue.name(), queue.paused(), queue.limits(), null));
        toChannel(JOBS_SINK, "jobs:" + queue.name(), id, JobEvents.QUEUE_CHANGED, seen, nowMs);
    }

    private void answered(
            JobCommand cause,
            boolean accepted,
            boolean repeated,
            @Nullable JobRefusal reason,
            @Nullable StoredJob job,
            long nowMs) {
        CommandAnswered answer = new CommandAnswered(
                cause.commandId(),
                cause.queue(),
                accepted,
                repeated,
                reason == null ? null : reason.label(),
                fingerprint(cause),
                job == null ? null : JobViews.of(job));
        // The first answer to an enqueued job has another id: readers that drop repeats by id must drop neither.
        UUID id = variant(cause.commandId(), 2 + (reason == null ? 0 : reason.ordinal() + 1));
        forward(EVENTS_SINK, cause.queue(), id, JobEvents.COMMAND_ANSWERED, null, Json.write(answer), nowMs);
    }

    @Override
    public void tick(long nowMs) {
        int partition = context.taskId().partition();
        UUID id = new UUID(nowMs << Short.SIZE | 0x7000L, 0x8000_0000_0000_0000L | partition);
        forward(CLOCK_SINK, JobEvents.CLOCK_KEY + partition, id, JobEvents.TIME_PASSED, null, EMPTY, nowMs);
    }

    private void toChannel(String sink, String channel, UUID id, String type, byte[] data, long nowMs) {
        forward(sink, channel, id, type, channel, data, nowMs);
    }

    private void forward(
            String sink, String key, UUID id, String type, @Nullable String subject, byte[] data, long nowMs) {
        Event event = new Event(id.toString(), type, SOURCE, Instant.ofEpochMilli(nowMs), subject, data);
        RecordHeaders headers = new RecordHeaders();
        event.headers().forEach(header -> headers.add(header.name(), header.value()));
        context.forward(new Record<>(key.getBytes(StandardCharsets.UTF_8), data, nowMs, headers), sink);
    }

    private static @Nullable String fingerprint(@Nullable JobCommand cause) {
        return cause instanceof JobCommand.Enqueue enqueue ? JobFingerprint.text(JobFingerprint.of(enqueue)) : null;
    }

    /** An id that is the same in every attempt of a transaction, and another one for each difference. */
    static UUID variant(UUID id, long difference) {
        return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits() ^ difference & RANDOM_BITS);
    }
}
