package io.tailrace.ingest.job;

import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobEvents.CommandAnswered;
import io.tailrace.contracts.job.JobEvents.JobView;
import io.tailrace.contracts.job.JobRefusal;
import io.tailrace.ingest.decision.CommandOutcome;
import io.tailrace.kit.problem.ProblemException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Does one thing with many jobs: a command for each, as if it had been asked for alone. There is no transaction over them: some may be
 * done and others refused. Thread-safe; finding the jobs blocks.
 */
@Singleton
class BulkJobs {
    private static final String NOT_FOUND = "not_found";
    private static final String UNAVAILABLE = "unavailable";

    private final Jobs jobs;
    private final JobCommands commands;

    BulkJobs(Jobs jobs, JobCommands commands) {
        this.jobs = jobs;
        this.commands = commands;
    }

    /** How one command went. */
    private sealed interface Outcome {
        record Done() implements Outcome {}

        record Pending() implements Outcome {}

        record Refused(BulkAnswer.Refusal refusal) implements Outcome {}
    }

    /**
     * Does it.
     *
     * @param commandId the id of the command for a job
     * @param patience how long to wait for the decisions, of all jobs together
     * @throws ProblemException 503 if PostgreSQL is away
     */
    CompletionStage<BulkAnswer> run(BulkRequest request, Function<UUID, UUID> commandId, Duration patience) {
        List<JobRow> rows;
        String next = null;
        List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
        if (request.ids().isEmpty()) {
            rows = jobs.matching(request, request.limit() + 1);
            if (rows.size() > request.limit()) {
                rows = rows.subList(0, request.limit());
                JobRow last = rows.getLast();
                next = JobCursor.of(last.enqueuedAt(), last.id()).text();
            }
        } else {
            Map<UUID, JobRow> found = new HashMap<>();
            jobs.named(request.ids()).forEach(row -> found.put(row.id(), row));
            rows = request.ids().stream()
                    .filter(found::containsKey)
                    .map(found::get)
                    .toList();
            request.ids().stream()
                    .filter(id -> !found.containsKey(id))
                    .map(id -> CompletableFuture.completedFuture(refused(id, NOT_FOUND, null)))
                    .forEach(outcomes::add);
        }
        boolean away = false;
        for (JobRow row : rows) {
            JobCommand command = request.action().command(commandId.apply(row.id()), row.queue(), row.id());
            CompletableFuture<Outcome> asked = away ? null : ask(command, row, patience);
            away = asked == null;
            outcomes.add(
                    asked == null
                            ? CompletableFuture.completedFuture(refused(row.id(), UNAVAILABLE, row.state()))
                            : asked);
        }
        String more = next;
        return CompletableFuture.allOf(outcomes.toArray(CompletableFuture[]::new))
                .thenApply(_ -> answer(
                        request.action(),
                        outcomes.stream().map(CompletableFuture::join).toList(),
                        more));
    }

    /** Null if the log takes no commands now, or too many requests wait: then nothing more is asked, and what was asked goes on. */
    private @Nullable CompletableFuture<Outcome> ask(JobCommand command, JobRow row, Duration patience) {
        try {
            return commands.ask(command, patience).thenApply(outcome -> outcome(row, outcome));
        } catch (ProblemException e) {
            return null;
        }
    }

    private static Outcome outcome(JobRow row, CommandOutcome<JobDecision> outcome) {
        return switch (outcome) {
            case CommandOutcome.Undecided<JobDecision> _ -> new Outcome.Pending();
            case CommandOutcome.Unacknowledged<JobDecision> _ -> refused(row.id(), UNAVAILABLE, row.state());
            case CommandOutcome.Decided<JobDecision>(JobDecision decision) ->
                decision instanceof JobDecision.Answered(CommandAnswered answer) && !answer.accepted()
                        ? refused(row.id(), reason(answer), state(answer.job()))
                        : new Outcome.Done();
        };
    }

    private static String reason(CommandAnswered answer) {
        String reason = String.valueOf(answer.reason());
        return JobRefusal.valueOf(reason.toUpperCase(Locale.ROOT)) == JobRefusal.UNKNOWN_JOB ? NOT_FOUND : reason;
    }

    private static @Nullable String state(@Nullable JobView job) {
        return job == null ? null : job.state();
    }

    private static Outcome refused(UUID id, String reason, @Nullable String state) {
        return new Outcome.Refused(new BulkAnswer.Refusal(id, reason, state));
    }

    private static BulkAnswer answer(BulkAction action, List<Outcome> outcomes, @Nullable String next) {
        int done = 0;
        int pending = 0;
        List<BulkAnswer.Refusal> refused = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            switch (outcome) {
                case Outcome.Done _ -> done++;
                case Outcome.Pending _ -> pending++;
                case Outcome.Refused(BulkAnswer.Refusal refusal) -> refused.add(refusal);
            }
        }
        return new BulkAnswer(action.label(), outcomes.size(), done, pending, refused, next);
    }
}
