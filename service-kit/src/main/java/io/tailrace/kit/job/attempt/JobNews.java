package io.tailrace.kit.job.attempt;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobEventIds;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobEvents.CommandAnswered;
import io.tailrace.contracts.job.JobEvents.JobChanged;
import io.tailrace.contracts.job.JobRefusal;
import io.tailrace.contracts.job.JobState;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** What a record of {@code tailrace.job-events} means to a worker. */
public sealed interface JobNews {
    /** An attempt may begin: the answer to its start. */
    record Started(UUID commandId) implements JobNews {}

    /**
     * A start was decided before.
     *
     * @param worker who runs the job, or ran it; null if nobody did
     * @param isRunning whether it runs
     */
    record Repeated(UUID commandId, @Nullable String worker, boolean isRunning) implements JobNews {}

    /** A start, a sign of life or an outcome was refused. */
    record Refused(UUID commandId, String reason) implements JobNews {
        /** Whether somebody has cancelled the job. */
        public boolean isCancelled() {
            return reason.equals(JobRefusal.CANCELLED.label());
        }
    }

    /**
     * A job was cancelled, or its attempt has ended without success.
     *
     * @param token of the attempt
     * @param cause the command that led to it, or null if time did
     * @param errorType why the attempt has failed; null if the job was cancelled
     */
    record Ended(UUID job, long token, @Nullable UUID cause, @Nullable String errorType) implements JobNews {}

    /**
     * What a record says, or null if it is not for this worker. Every worker reads the events of all, so most are told by their type
     * and an id in their bytes, and only the others are parsed.
     *
     * @param isCommand whether this worker waits for the answer to a command
     * @param isJob whether this worker runs a job
     */
    static @Nullable JobNews read(
            ConsumerRecord<byte[], byte[]> record, Predicate<UUID> isCommand, Predicate<UUID> isJob) {
        byte @Nullable [] value = record.value();
        Header header = record.headers().lastHeader(Event.HEADER_TYPE);
        if (value == null || header == null || header.value() == null) {
            return null;
        }
        String type = new String(header.value(), StandardCharsets.ISO_8859_1);
        try {
            return switch (type) {
                case JobEvents.JOB_STARTED -> {
                    UUID command = JobEventIds.commandId(value);
                    yield command != null && isCommand.test(command) ? new Started(command) : null;
                }
                case JobEvents.COMMAND_ANSWERED -> {
                    UUID command = JobEventIds.commandId(value);
                    yield command != null && isCommand.test(command)
                            ? answer(Json.read(value, CommandAnswered.class))
                            : null;
                }
                case JobEvents.JOB_CANCELLED, JobEvents.JOB_RETRYING, JobEvents.JOB_DEAD -> {
                    UUID job = JobEventIds.jobId(value);
                    yield job != null && isJob.test(job) ? ended(Json.read(value, JobChanged.class)) : null;
                }
                default -> null;
            };
        } catch (IOException e) {
            // Nobody but the dispatcher writes there, and an answer that is missing is asked for again.
            return null;
        }
    }

    private static JobNews answer(CommandAnswered answer) {
        if (answer.accepted()) {
            String worker = answer.job() == null ? null : answer.job().worker();
            boolean running = answer.job() != null
                    && JobState.RUNNING.label().equals(answer.job().state());
            return new Repeated(answer.commandId(), worker, running);
        }
        return new Refused(answer.commandId(), answer.reason() == null ? "" : answer.reason());
    }

    private static JobNews ended(JobChanged changed) {
        String error = changed.error() == null ? null : changed.error().type();
        return new Ended(changed.job().id(), changed.token() == null ? 0 : changed.token(), changed.commandId(), error);
    }
}
