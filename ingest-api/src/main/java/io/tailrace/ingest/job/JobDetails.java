package io.tailrace.ingest.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonRawValue;
import io.micronaut.core.annotation.Introspected;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tailrace.contracts.job.JobError;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job as it stands. Of a page of jobs without payload, result and attempts.
 *
 * @param id its id
 * @param queue its queue
 * @param type its type
 * @param state {@code scheduled}, {@code ready}, {@code running}, {@code retrying}, {@code succeeded}, {@code dead} or {@code
 *     cancelled}, as the log last said
 * @param priority 0 to 9
 * @param runAt when it may run; of a job that is retrying, when it is tried again
 * @param attempt the number of its last attempt, 0 before the first
 * @param maxAttempts how many attempts there are before it is dead
 * @param timeoutSeconds how long one attempt may take
 * @param key whose work it is
 * @param uniqueKey its unique key
 * @param enqueuedAt when it was enqueued
 * @param startedAt when its last attempt began
 * @param finishedAt when it ended
 * @param worker who runs it, or ran its last attempt
 * @param progress how far the last attempt is
 * @param lastError why the last attempt that failed did
 * @param payload what it was enqueued with
 * @param result what it led to
 * @param attempts its last attempts, the first of them first
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
record JobDetails(
        UUID id,
        String queue,
        String type,
        String state,
        int priority,
        Instant runAt,
        int attempt,
        int maxAttempts,
        int timeoutSeconds,
        @Nullable String key,
        @Nullable String uniqueKey,
        Instant enqueuedAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable String worker,
        @Nullable Progress progress,
        @Nullable Failure lastError,
        @Schema(implementation = Object.class) @JsonRawValue @Nullable String payload,
        @Schema(implementation = Object.class) @JsonRawValue @Nullable String result,
        @Nullable List<Attempt> attempts) {
    /**
     * How far an attempt is.
     *
     * @param fraction what is done, 0 to 1
     * @param message what is being done
     */
    @Introspected
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Progress(@Nullable Double fraction, @Nullable String message) {}

    /**
     * Why an attempt failed.
     *
     * @param attempt its number
     * @param type names the error for programs
     * @param message says it to people
     */
    @Introspected
    record Failure(int attempt, String type, String message) {}

    /**
     * An attempt.
     *
     * @param attempt its number
     * @param worker who ran it
     * @param startedAt when it began
     * @param endedAt when it ended
     * @param outcome {@code succeeded}, {@code failed}, {@code handed_back} or {@code cancelled}
     * @param error why it failed
     */
    @Introspected
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Attempt(
            int attempt,
            @Nullable String worker,
            @Nullable Instant startedAt,
            @Nullable Instant endedAt,
            @Nullable String outcome,
            @Nullable JobError error) {
        static Attempt of(AttemptRow row) {
            String type = row.errorType();
            JobError error = type == null ? null : new JobError(type, String.valueOf(row.errorMessage()));
            return new Attempt(row.attempt(), row.worker(), row.startedAt(), row.endedAt(), row.outcome(), error);
        }
    }

    /** A job of a page. */
    static JobDetails of(JobRow row) {
        return of(row, null);
    }

    /** A job with its attempts, the last one first. */
    static JobDetails of(Jobs.JobAndAttempts job) {
        return of(job.job(), job.attempts().reversed().stream().map(Attempt::of).toList());
    }

    private static JobDetails of(JobRow row, @Nullable List<Attempt> attempts) {
        // What an earlier attempt had come to says nothing about the one under way.
        boolean progressed = row.progressAttempt() != null && row.progressAttempt() == row.attempt();
        Progress progress = progressed ? new Progress(row.progressFraction(), row.progressMessage()) : null;
        Integer errorAttempt = row.errorAttempt();
        Failure lastError = errorAttempt == null
                ? null
                : new Failure(errorAttempt, String.valueOf(row.errorType()), String.valueOf(row.errorMessage()));
        return new JobDetails(
                row.id(),
                row.queue(),
                row.type(),
                row.state(),
                row.priority(),
                row.runAt(),
                row.attempt(),
                row.maxAttempts(),
                row.timeoutSeconds(),
                row.limitKey(),
                row.uniqueKey(),
                row.enqueuedAt(),
                row.startedAt(),
                row.finishedAt(),
                row.worker(),
                progress,
                lastError,
                row.payload(),
                row.result(),
                attempts);
    }
}
