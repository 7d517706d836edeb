package io.tailrace.ingest.job;

import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobCommandIds;
import io.tailrace.contracts.job.JobEvents.CommandAnswered;
import io.tailrace.contracts.job.JobEvents.JobView;
import io.tailrace.contracts.job.JobRefusal;
import io.tailrace.contracts.job.JobState;
import io.tailrace.ingest.decision.CommandOutcome;
import io.tailrace.ingest.decision.Preference;
import io.tailrace.ingest.idempotency.KeyHeader;
import io.tailrace.ingest.idempotency.Stamps;
import io.tailrace.ingest.log.EventLog;
import io.tailrace.ingest.log.OutgoingEvent;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import io.tailrace.kit.security.Caller;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Enqueues jobs on behalf of requests that are for something else. Thread-safe. */
@Singleton
public final class OwnJobs {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

    private final JobReader reader;
    private final JobCommands commands;
    private final Jobs jobs;
    private final Stamps stamps;
    private final JobsSettings settings;

    OwnJobs(JobReader reader, JobCommands commands, Jobs jobs, Stamps stamps, JobsSettings settings) {
        this.reader = reader;
        this.commands = commands;
        this.jobs = jobs;
        this.stamps = stamps;
        this.settings = settings;
    }

    /**
     * What became of a job.
     *
     * @param id the job, or the one that has its unique key
     * @param state where it stands; {@code pending} if that is not decided yet
     * @param isNew whether it was enqueued, or will be
     * @param runAt when it runs, if it waits for that
     */
    public record Enqueued(UUID id, String state, boolean isNew, @Nullable Instant runAt) {}

    /**
     * Enqueues a job for a request, which is answered as one for a job is.
     *
     * @throws ProblemException 503 if it cannot be put into the log
     */
    public CompletionStage<HttpResponse<?>> answer(HttpRequest<?> request, Caller caller, String type, Object payload) {
        String key = KeyHeader.of(request);
        UUID id = key == null ? stamps.id() : JobCommandIds.enqueue(caller.subject(), key);
        JobCommand.Enqueue command = reader.own(id, type, payload, null, 0, null);
        jobs.remember(id, new Jobs.Place(command.queue(), type));
        Preference preference =
                Preference.of(request.getHeaders().getAll("Prefer"), settings.defaultWait(), settings.maxWait());
        return commands.ask(command, preference.patience())
                .thenApply(outcome -> JobAnswers.answer(command, type, outcome, preference));
    }

    /**
     * Enqueues a job. If there is one with the id already, that is the answer, whatever it was asked for with: the time that the same
     * request leads to can be another one when it comes again.
     *
     * @param id the job's id
     * @param uniqueKey at most one job of the queue has it at a time; null for none
     * @param uniqueSeconds how long it has the key
     * @param runAt not before this time; null for now
     * @return completed exceptionally, with a problem 503, if it is not in the log
     */
    public CompletableFuture<Enqueued> enqueue(
            UUID id,
            String type,
            Object payload,
            @Nullable String uniqueKey,
            int uniqueSeconds,
            @Nullable Instant runAt) {
        JobCommand.Enqueue command = reader.own(id, type, payload, uniqueKey, uniqueSeconds, runAt);
        jobs.remember(id, new Jobs.Place(command.queue(), type));
        return commands.ask(command, settings.defaultWait()).thenApply(outcome -> enqueued(id, outcome));
    }

    /** The command that enqueues a job which can run at once, for whoever appends it and does not wait for its answer. */
    public OutgoingEvent enqueuing(UUID id, String type, Object payload) {
        JobCommand.Enqueue command = reader.own(id, type, payload, null, 0, null);
        jobs.remember(id, new Jobs.Place(command.queue(), type));
        return JobCommands.entry(command);
    }

    /** What was decided on a cancellation. */
    public enum Decision {
        /** The job is cancelled. */
        CANCELLED,
        /** It had ended before. */
        REFUSED,
        /** That is not known yet. */
        UNDECIDED
    }

    /**
     * What became of a cancellation.
     *
     * @param state the state of the job; {@code pending} if that is not decided yet
     */
    public record Cancellation(Decision decision, String state) {}

    /**
     * Cancels a job.
     *
     * @return completed exceptionally with a problem: 404 if there is no such job, 503 if the command is not in the log
     */
    public CompletableFuture<Cancellation> cancel(UUID job, String queue) {
        return commands.ask(new JobCommand.Cancel(stamps.id(), queue, job), settings.defaultWait())
                .thenApply(outcome -> switch (outcome) {
                    case CommandOutcome.Decided<JobDecision>(JobDecision decision) -> cancelled(decision);
                    case CommandOutcome.Undecided<JobDecision> _ -> new Cancellation(Decision.UNDECIDED, "pending");
                    case CommandOutcome.Unacknowledged<JobDecision> _ -> throw EventLog.unavailable();
                });
    }

    private static Cancellation cancelled(JobDecision decision) {
        return switch (decision) {
            case JobDecision.Changed(var changed) ->
                new Cancellation(Decision.CANCELLED, changed.job().state());
            case JobDecision.Answered(CommandAnswered answer) -> {
                JobView job = answer.job();
                if (job == null) {
                    throw new ProblemException(
                            ProblemType.NOT_FOUND, "There is no such job any more: " + answer.reason());
                }
                yield new Cancellation(answer.accepted() ? Decision.CANCELLED : Decision.REFUSED, job.state());
            }
            case JobDecision.Queue _ -> throw new IllegalStateException("the answer to another command");
        };
    }

    /** The command that cancels a job, for whoever appends it and does not wait for its answer. */
    public OutgoingEvent cancellation(UUID job, String queue) {
        return JobCommands.entry(new JobCommand.Cancel(stamps.id(), queue, job));
    }

    /** The command that erases a job which is finished or cancelled, for whoever appends it and does not wait for its answer. */
    public OutgoingEvent erasure(UUID job, String queue) {
        return JobCommands.entry(new JobCommand.Erase(stamps.id(), queue, job));
    }

    private static Enqueued enqueued(UUID id, CommandOutcome<JobDecision> outcome) {
        return switch (outcome) {
            case CommandOutcome.Decided<JobDecision>(JobDecision decision) -> decided(id, decision);
            case CommandOutcome.Undecided<JobDecision> _ -> new Enqueued(id, "pending", true, null);
            case CommandOutcome.Unacknowledged<JobDecision> _ -> throw EventLog.unavailable();
        };
    }

    private static Enqueued decided(UUID id, JobDecision decision) {
        return switch (decision) {
            case JobDecision.Changed(var changed) -> enqueued(id, changed.job());
            case JobDecision.Answered(CommandAnswered answer) -> {
                JobView job = answer.job();
                boolean isThere =
                        answer.accepted() || JobRefusal.ID_REUSED.label().equals(answer.reason());
                if (job == null || !isThere) {
                    throw ProblemException.unavailable("A job was refused: " + answer.reason(), RETRY_AFTER, null);
                }
                yield enqueued(id, job);
            }
            case JobDecision.Queue _ -> throw new IllegalStateException("the answer to another command");
        };
    }

    private static Enqueued enqueued(UUID id, JobView job) {
        Instant runAt = job.state().equals(JobState.SCHEDULED.label()) ? job.runAt() : null;
        return new Enqueued(job.id(), job.state(), job.id().equals(id), runAt);
    }
}
