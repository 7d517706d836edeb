package io.tailrace.dispatcher.job;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobEvents.AttemptReported;
import io.tailrace.contracts.job.JobEvents.EnqueueRequested;
import io.tailrace.contracts.job.JobEvents.JobRequested;
import io.tailrace.contracts.job.JobEvents.QueueRequested;
import io.tailrace.contracts.job.JobQueue;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.contracts.text.Excerpt;
import io.tailrace.dispatcher.poison.Fact;
import io.tailrace.dispatcher.poison.FactReader;
import io.tailrace.dispatcher.poison.Poison;
import io.tailrace.dispatcher.poison.Unsound;
import io.tailrace.kit.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What a record of {@code tailrace.job-commands} says. */
sealed interface JobFact extends Fact {
    /** The longest name of a worker; a longer one is cut. */
    int MAX_WORKER = 200;

    /** Somebody wants something. */
    record Commanded(JobCommand command) implements JobFact {
        /** The answer has the command's id. */
        @Override
        public String derivedId() {
            return command.commandId().toString();
        }
    }

    /** It is later now. */
    record TimePassed() implements JobFact {
        @Override
        public @Nullable String derivedId() {
            return null;
        }
    }

    /** Reads a record. */
    static JobFact read(FactReader reader, ConsumerRecord<byte[], byte[]> record) throws Unsound {
        Event event = reader.event(record);
        if (event.type().equals(JobEvents.TIME_PASSED)) {
            return new TimePassed();
        }
        JobCommand command =
                switch (event.type()) {
                    case JobEvents.ENQUEUE_REQUESTED -> enqueue(event);
                    case JobEvents.CANCEL_REQUESTED,
                            JobEvents.RETRY_REQUESTED,
                            JobEvents.RUN_NOW_REQUESTED,
                            JobEvents.ERASE_REQUESTED -> ofJob(event);
                    case JobEvents.PAUSE_REQUESTED, JobEvents.RESUME_REQUESTED, JobEvents.LIMITS_REQUESTED ->
                        ofQueue(event);
                    case JobEvents.ATTEMPT_STARTED,
                            JobEvents.ATTEMPT_CONTINUED,
                            JobEvents.ATTEMPT_CHECKED,
                            JobEvents.ATTEMPT_PROGRESSED,
                            JobEvents.ATTEMPT_SUCCEEDED,
                            JobEvents.ATTEMPT_FAILED,
                            JobEvents.ATTEMPT_HANDED_BACK -> ofAttempt(event);
                    default -> throw FactReader.unknownType(event, "a command for jobs");
                };
        if (!JobQueue.isName(command.queue())) {
            throw new Unsound(Poison.Kind.VALUE, "the field queue cannot be the name of a queue");
        }
        reader.place(record, command.queue(), command.queue());
        return new Commanded(command);
    }

    private static JobCommand enqueue(Event event) throws Unsound {
        EnqueueRequested request = FactReader.payload(event, EnqueueRequested.class);
        JobSpec spec = FactReader.present(request.job(), "job");
        FactReader.require(spec.retry(), "job.retry");
        return new JobCommand.Enqueue(
                id(request.commandId(), "command_id"),
                FactReader.present(request.queue(), "queue"),
                spec,
                json(request.payload(), "payload", JobSpec.MAX_PAYLOAD_BYTES),
                request.schedule());
    }

    private static JobCommand ofJob(Event event) throws Unsound {
        JobRequested request = FactReader.payload(event, JobRequested.class);
        UUID id = id(request.commandId(), "command_id");
        String queue = FactReader.present(request.queue(), "queue");
        UUID job = id(request.jobId(), "job_id");
        return switch (event.type()) {
            case JobEvents.CANCEL_REQUESTED -> new JobCommand.Cancel(id, queue, job);
            case JobEvents.RETRY_REQUESTED -> new JobCommand.Retry(id, queue, job);
            case JobEvents.ERASE_REQUESTED -> new JobCommand.Erase(id, queue, job);
            default -> new JobCommand.RunNow(id, queue, job);
        };
    }

    private static JobCommand ofQueue(Event event) throws Unsound {
        QueueRequested request = FactReader.payload(event, QueueRequested.class);
        UUID id = id(request.commandId(), "command_id");
        String queue = FactReader.present(request.queue(), "queue");
        return switch (event.type()) {
            case JobEvents.PAUSE_REQUESTED -> new JobCommand.Pause(id, queue);
            case JobEvents.RESUME_REQUESTED -> new JobCommand.Resume(id, queue);
            default -> new JobCommand.Limit(id, queue, request.limits());
        };
    }

    private static JobCommand ofAttempt(Event event) throws Unsound {
        AttemptReported report = FactReader.payload(event, AttemptReported.class);
        UUID id = id(report.commandId(), "command_id");
        String queue = FactReader.present(report.queue(), "queue");
        UUID job = id(report.jobId(), "job_id");
        long token = report.token();
        return switch (event.type()) {
            case JobEvents.ATTEMPT_STARTED -> {
                String worker = Excerpt.of(FactReader.present(report.worker(), "worker"), MAX_WORKER);
                yield new JobCommand.Start(id, queue, job, token, worker);
            }
            case JobEvents.ATTEMPT_CONTINUED -> new JobCommand.Heartbeat(id, queue, job, token);
            case JobEvents.ATTEMPT_CHECKED -> new JobCommand.Heartbeat(id, queue, job, token, true);
            case JobEvents.ATTEMPT_PROGRESSED ->
                new JobCommand.Progress(id, queue, job, token, FactReader.present(report.progress(), "progress"));
            case JobEvents.ATTEMPT_SUCCEEDED -> {
                Object result = report.result();
                String json = result == null ? null : json(result, "result", JobSpec.MAX_RESULT_BYTES);
                yield new JobCommand.Succeed(id, queue, job, token, json);
            }
            default -> endedWithoutSuccess(event, report, id, queue, job);
        };
    }

    private static JobCommand endedWithoutSuccess(Event event, AttemptReported report, UUID id, String queue, UUID job)
            throws Unsound {
        try {
            if (event.type().equals(JobEvents.ATTEMPT_HANDED_BACK)) {
                return new JobCommand.HandBack(id, queue, job, report.token(), report.retryAfterMs());
            }
            return new JobCommand.Fail(
                    id,
                    queue,
                    job,
                    report.token(),
                    FactReader.present(report.error(), "error"),
                    report.giveUp(),
                    report.retryAfterMs());
        } catch (IllegalArgumentException e) {
            throw new Unsound(Poison.Kind.VALUE, String.valueOf(e.getMessage()));
        }
    }

    /** The nil UUID stands for none in the store. */
    private static UUID id(@Nullable UUID id, String field) throws Unsound {
        UUID present = FactReader.present(id, field);
        if (present.getMostSignificantBits() == 0 && present.getLeastSignificantBits() == 0) {
            throw new Unsound(Poison.Kind.VALUE, "the field " + field + " is the nil UUID");
        }
        return present;
    }

    private static String json(@Nullable Object value, String field, int maxBytes) throws Unsound {
        byte[] json = value == null ? "null".getBytes(StandardCharsets.UTF_8) : Json.write(value);
        if (json.length > maxBytes) {
            throw new Unsound(
                    Poison.Kind.TOO_LARGE,
                    "the field " + field + " has " + json.length + " bytes, expected at most " + maxBytes);
        }
        return new String(json, StandardCharsets.UTF_8);
    }
}
