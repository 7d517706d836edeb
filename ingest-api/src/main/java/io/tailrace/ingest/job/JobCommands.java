package io.tailrace.ingest.job;

import com.fasterxml.jackson.databind.util.RawValue;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobError;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobEvents.AttemptReported;
import io.tailrace.contracts.job.JobFingerprint;
import io.tailrace.contracts.job.JobProgress;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.decision.CommandOutcome;
import io.tailrace.ingest.decision.DecidedCommands;
import io.tailrace.ingest.log.EventSource;
import io.tailrace.ingest.log.OutgoingEvent;
import io.tailrace.kit.json.Json;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Commands of people, programs and remote workers about jobs and queues, as they stand in the log. Thread-safe. */
@Singleton
public class JobCommands {
    private final DecidedCommands<JobDecision> commands;

    JobCommands(DecidedCommands<JobDecision> commands) {
        this.commands = commands;
    }

    /**
     * Puts a command into the log and waits for its decision; see {@link DecidedCommands#ask}.
     *
     * @param wait how long to wait for the decision
     */
    public CompletableFuture<CommandOutcome<JobDecision>> ask(JobCommand command, Duration wait) {
        String fingerprint =
                command instanceof JobCommand.Enqueue enqueue ? JobFingerprint.text(JobFingerprint.of(enqueue)) : "";
        return commands.ask(entry(command), command.commandId(), fingerprint, wait);
    }

    /** A command as it stands in the log. */
    static OutgoingEvent entry(JobCommand command) {
        Event event = new Event(
                command.commandId().toString(),
                type(command),
                EventSource.INGEST_API,
                Instant.now(),
                command.queue(),
                Json.write(payload(command)));
        return OutgoingEvent.fact(Topics.JOB_COMMANDS, command.queue(), event);
    }

    private static String type(JobCommand command) {
        return switch (command) {
            case JobCommand.Enqueue _ -> JobEvents.ENQUEUE_REQUESTED;
            case JobCommand.Cancel _ -> JobEvents.CANCEL_REQUESTED;
            case JobCommand.Retry _ -> JobEvents.RETRY_REQUESTED;
            case JobCommand.RunNow _ -> JobEvents.RUN_NOW_REQUESTED;
            case JobCommand.Erase _ -> JobEvents.ERASE_REQUESTED;
            case JobCommand.Pause _ -> JobEvents.PAUSE_REQUESTED;
            case JobCommand.Resume _ -> JobEvents.RESUME_REQUESTED;
            case JobCommand.Limit _ -> JobEvents.LIMITS_REQUESTED;
            case JobCommand.Start _ -> JobEvents.ATTEMPT_STARTED;
            case JobCommand.Heartbeat heartbeat ->
                heartbeat.wantsAnswer() ? JobEvents.ATTEMPT_CHECKED : JobEvents.ATTEMPT_CONTINUED;
            case JobCommand.Progress _ -> JobEvents.ATTEMPT_PROGRESSED;
            case JobCommand.Succeed _ -> JobEvents.ATTEMPT_SUCCEEDED;
            case JobCommand.Fail _ -> JobEvents.ATTEMPT_FAILED;
            case JobCommand.HandBack _ -> JobEvents.ATTEMPT_HANDED_BACK;
        };
    }

    private static Object payload(JobCommand command) {
        return switch (command) {
            case JobCommand.Enqueue(var id, var queue, var spec, var payload, var firing) ->
                new JobEvents.EnqueueRequested(id, queue, spec, new RawValue(payload), firing);
            case JobCommand.OfAttempt attempt -> report(attempt);
            case JobCommand.OfJob ofJob -> new JobEvents.JobRequested(ofJob.commandId(), ofJob.queue(), ofJob.jobId());
            case JobCommand.Limit(var id, var queue, var limits) -> new JobEvents.QueueRequested(id, queue, limits);
            case JobCommand.OfQueue ofQueue -> new JobEvents.QueueRequested(ofQueue.commandId(), ofQueue.queue(), null);
        };
    }

    private static AttemptReported report(JobCommand.OfAttempt attempt) {
        return switch (attempt) {
            case JobCommand.Start start -> report(attempt, start.worker(), null, null, null, false, 0);
            case JobCommand.Heartbeat _ -> report(attempt, null, null, null, null, false, 0);
            case JobCommand.HandBack back -> report(attempt, null, null, null, null, false, back.retryAfterMs());
            case JobCommand.Progress progress -> report(attempt, null, progress.progress(), null, null, false, 0);
            case JobCommand.Succeed succeed -> report(attempt, null, null, succeed.result(), null, false, 0);
            case JobCommand.Fail fail ->
                report(attempt, null, null, null, fail.error(), fail.giveUp(), fail.retryAfterMs());
        };
    }

    private static AttemptReported report(
            JobCommand.OfAttempt attempt,
            @Nullable String worker,
            @Nullable JobProgress progress,
            @Nullable String result,
            @Nullable JobError error,
            boolean giveUp,
            long retryAfterMs) {
        return new AttemptReported(
                attempt.commandId(),
                attempt.queue(),
                attempt.jobId(),
                attempt.token(),
                worker,
                progress,
                result == null ? null : new RawValue(result),
                error,
                giveUp,
                retryAfterMs);
    }
}
