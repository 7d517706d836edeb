package io.tailrace.ingest.job;

import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MutableHttpResponse;
import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobEvents.CommandAnswered;
import io.tailrace.contracts.job.JobEvents.JobView;
import io.tailrace.contracts.job.JobRefusal;
import io.tailrace.ingest.decision.CommandOutcome;
import io.tailrace.ingest.decision.Preference;
import io.tailrace.ingest.log.EventLog;
import io.tailrace.kit.problem.Problem;
import io.tailrace.kit.problem.ProblemType;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Outcomes of commands as answers. Pure. */
final class JobAnswers {
    private static final String RETRY_AFTER = "Retry-After";

    private JobAnswers() {}

    /**
     * The answer to a command about a job.
     *
     * @param type the job's, if it is known
     * @throws io.tailrace.kit.problem.ProblemException 503 if it is not known to be in the log
     */
    static HttpResponse<?> answer(
            JobCommand command, @Nullable String type, CommandOutcome<JobDecision> outcome, Preference preference) {
        MutableHttpResponse<?> response =
                switch (outcome) {
                    case CommandOutcome.Decided<JobDecision>(JobDecision decision) -> decided(command, decision);
                    case CommandOutcome.Undecided<JobDecision> _ -> undecided(command, type);
                    case CommandOutcome.Unacknowledged<JobDecision> _ -> throw EventLog.unavailable();
                };
        return preference.applied() == null ? response : response.header("Preference-Applied", preference.applied());
    }

    private static MutableHttpResponse<?> decided(JobCommand command, JobDecision decision) {
        return switch (decision) {
            case JobDecision.Changed changed ->
                accepted(command, changed.changed().job(), true);
            case JobDecision.Queue(var queue) -> HttpResponse.ok(QueueAnswer.of(queue));
            case JobDecision.Answered(CommandAnswered answer) -> {
                JobView job = answer.job();
                MutableHttpResponse<?> response = job == null || !answer.accepted()
                        ? refused(command, answer)
                        : accepted(command, job, answer.repeated());
                yield answer.repeated() ? response.header("Idempotency-Replayed", "true") : response;
            }
        };
    }

    /**
     * What was asked for is so.
     *
     * @param isOwn whether it is the command that made it so, now or before; else another job has the unique key
     */
    private static MutableHttpResponse<?> accepted(JobCommand command, JobView job, boolean isOwn) {
        JobAnswer body = JobAnswer.of(job);
        boolean created = command instanceof JobCommand.Enqueue && isOwn;
        return (created ? HttpResponse.created(body) : HttpResponse.ok(body)).header("Location", location(job.id()));
    }

    private static MutableHttpResponse<?> refused(JobCommand command, CommandAnswered answer) {
        JobRefusal reason = JobRefusal.valueOf(String.valueOf(answer.reason()).toUpperCase(Locale.ROOT));
        JobView job = answer.job();
        String state = job == null ? null : job.state();
        return switch (reason) {
            case UNKNOWN_QUEUE ->
                problem(
                        ProblemType.UNAVAILABLE,
                        "The dispatcher has no queue " + command.queue()
                                + ": its queue file is not that of this service",
                        null);
            case UNKNOWN_JOB ->
                problem(
                        ProblemType.NOT_FOUND,
                        "There is no such job, or it ended so long ago that nothing can be done about it any more",
                        null);
            case QUEUE_FULL ->
                problem(
                                ProblemType.UNAVAILABLE,
                                "The queue " + command.queue() + " has as many jobs as it may have",
                                null)
                        .header(RETRY_AFTER, "5");
            case ID_REUSED ->
                problem(
                        ProblemType.IDEMPOTENCY_KEY_REUSED,
                        "The idempotency key was used with another body; expected a new key or the same body",
                        null);
            case WRONG_STATE -> problem(ProblemType.CONFLICT, wrongState(command, state), state);
            case UNIQUE_KEY_TAKEN -> problem(ProblemType.CONFLICT, "Another job has the unique key of this one", state);
            case STALE_TOKEN, ALREADY_STARTED, NOT_STARTED, QUEUE_PAUSED, CANCELLED ->
                throw new IllegalStateException("the answer to a worker: " + reason.label());
        };
    }

    private static String wrongState(JobCommand command, @Nullable String state) {
        String expected = command instanceof JobCommand.Cancel
                ? "a job that is not finished can be cancelled"
                : command instanceof JobCommand.Retry
                        ? "one that is dead or cancelled can be retried"
                        : "one that is scheduled or retrying need not wait";
        return "The job is " + state + ", and " + expected;
    }

    private static MutableHttpResponse<?> problem(ProblemType type, String detail, @Nullable String state) {
        return HttpResponse.status(HttpStatus.valueOf(type.status()))
                .header("Content-Type", Problem.MEDIA_TYPE)
                .body(JobProblem.of(type, detail, state));
    }

    private static MutableHttpResponse<?> undecided(JobCommand command, @Nullable String type) {
        MutableHttpResponse<?> response =
                switch (command) {
                    case JobCommand.Enqueue enqueue -> pending(enqueue.commandId(), enqueue.queue(), type);
                    case JobCommand.OfJob ofJob -> pending(ofJob.jobId(), ofJob.queue(), type);
                    case JobCommand.OfQueue ofQueue ->
                        HttpResponse.accepted()
                                .header("Location", "/queues")
                                .body(QueueAnswer.pending(ofQueue.queue()));
                };
        return response.header(RETRY_AFTER, "1");
    }

    private static MutableHttpResponse<?> pending(UUID id, String queue, @Nullable String type) {
        return HttpResponse.accepted().header("Location", location(id)).body(JobAnswer.pending(id, queue, type));
    }

    private static String location(UUID id) {
        return "/jobs/" + id;
    }
}
