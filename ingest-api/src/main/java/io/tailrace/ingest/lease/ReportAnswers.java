package io.tailrace.ingest.lease;

import io.micronaut.http.HttpResponse;
import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobEvents.CommandAnswered;
import io.tailrace.contracts.job.JobEvents.JobView;
import io.tailrace.contracts.job.JobRefusal;
import io.tailrace.contracts.job.JobState;
import io.tailrace.ingest.decision.CommandOutcome;
import io.tailrace.ingest.job.JobDecision;
import io.tailrace.ingest.log.EventLog;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the dispatcher made of workers' reports, as answers. Pure. */
final class ReportAnswers {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private ReportAnswers() {}

    /**
     * The answer to a report.
     *
     * @throws ProblemException 409 if the attempt is over, 404 if the job is forgotten, 503 if the report may not be in the log
     */
    static HttpResponse<AttemptAnswer> answer(JobCommand.OfAttempt command, CommandOutcome<JobDecision> outcome) {
        return switch (outcome) {
            case CommandOutcome.Decided<JobDecision>(JobDecision decision) -> decided(command, decision);
            case CommandOutcome.Undecided<JobDecision> _ ->
                HttpResponse.accepted().header("Retry-After", "1").body(new AttemptAnswer(command.jobId(), "pending"));
            case CommandOutcome.Unacknowledged<JobDecision> _ -> throw EventLog.unavailable();
        };
    }

    /**
     * The number of the attempt that a heartbeat was about, of one that goes on or was cancelled.
     *
     * @throws ProblemException 409 if the attempt is over, 404 if the job is forgotten, 503 if it was not decided in time
     */
    static int attempt(JobCommand.Heartbeat heartbeat, CommandOutcome<JobDecision> outcome) {
        return switch (outcome) {
            case CommandOutcome.Decided<JobDecision>(JobDecision decision) -> attempt(heartbeat, decision);
            case CommandOutcome.Undecided<JobDecision> _ ->
                throw ProblemException.unavailable("The dispatcher has not answered in time", RETRY_AFTER, null);
            case CommandOutcome.Unacknowledged<JobDecision> _ -> throw EventLog.unavailable();
        };
    }

    private static int attempt(JobCommand.Heartbeat heartbeat, JobDecision decision) {
        if (!(decision instanceof JobDecision.Answered(CommandAnswered answer))) {
            throw new IllegalStateException("the answer to another command");
        }
        JobView job = answer.job();
        if (job != null && (answer.accepted() || JobRefusal.CANCELLED.label().equals(answer.reason()))) {
            return job.attempt();
        }
        throw refused(heartbeat, answer.reason(), job);
    }

    private static HttpResponse<AttemptAnswer> decided(JobCommand.OfAttempt command, JobDecision decision) {
        return switch (decision) {
            case JobDecision.Changed(var changed) -> ok(command, changed.job().state());
            case JobDecision.Answered(CommandAnswered answer) -> {
                JobView job = answer.job();
                if (answer.accepted() && job != null) {
                    yield ok(command, job.state());
                }
                if (JobRefusal.CANCELLED.label().equals(answer.reason())) {
                    yield ok(command, JobState.CANCELLED.label());
                }
                throw refused(command, answer.reason(), job);
            }
            case JobDecision.Queue _ -> throw new IllegalStateException("the answer to another command");
        };
    }

    private static HttpResponse<AttemptAnswer> ok(JobCommand.OfAttempt command, String state) {
        return HttpResponse.ok(new AttemptAnswer(command.jobId(), state));
    }

    private static ProblemException refused(
            JobCommand.OfAttempt command, @Nullable String reason, @Nullable JobView job) {
        if (JobRefusal.UNKNOWN_JOB.label().equals(reason)) {
            return new ProblemException(
                    ProblemType.NOT_FOUND, "There is no such job, or it ended so long ago that it is forgotten");
        }
        if (JobRefusal.UNKNOWN_QUEUE.label().equals(reason)) {
            return ProblemException.unavailable(
                    "The dispatcher has no queue " + command.queue() + ": its queue file is not that of this service",
                    RETRY_AFTER,
                    null);
        }
        return new ProblemException(
                ProblemType.CONFLICT,
                "The attempt with the token " + command.token() + " is over, or was never begun; the job is "
                        + (job == null ? "in another state" : job.state()) + ". What is said of it changes nothing");
    }
}
