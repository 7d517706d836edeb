package io.tailrace.ingest.lease;

import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobEvents.CommandAnswered;
import io.tailrace.contracts.job.JobEvents.JobReleased;
import io.tailrace.contracts.job.JobState;
import io.tailrace.ingest.decision.CommandOutcome;
import io.tailrace.ingest.job.JobDecision;
import io.tailrace.kit.problem.ProblemException;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Begins attempts in the names of workers: writes their start, waits for the dispatcher's answer, and gives the lease to who waits for it.
 * One for which nobody waits any longer is handed back, which is no failure. Thread-safe.
 */
final class AttemptStarts {
    private static final Logger LOG = LoggerFactory.getLogger(AttemptStarts.class);

    /** So long the dispatcher may be away: two minutes, if an answer is waited for 5 s. */
    private static final int MOST_ASKS = 24;

    private final Commands commands;
    private final Supplier<UUID> ids;
    private final Executor executor;
    private final LeaseWaits waits;
    private final LeaseMeters meters;
    private final Remembered remembered;
    private final BooleanSupplier isEnding;

    /** Puts a command into the log and waits for its decision. */
    @FunctionalInterface
    interface Commands {
        /**
         * As {@link io.tailrace.ingest.job.JobCommands#ask}, for as long as an answer is waited for.
         *
         * @throws ProblemException if it was not written
         */
        CompletableFuture<CommandOutcome<JobDecision>> ask(JobCommand command);
    }

    /** Remembers where a job is whose lease was given. */
    @FunctionalInterface
    interface Remembered {
        /** A job of this queue and type has a lease. */
        void put(UUID job, String queue, String type);
    }

    /** One start, and for whom. */
    private record Start(
            JobReleased job,
            LeaseWait request,
            JobCommand.Start command,
            CompletableFuture<Boolean> settled,
            int asked) {
        Start again() {
            return new Start(job, request, command, settled, asked + 1);
        }
    }

    /**
     * Attempts.
     *
     * @param ids makes ids of commands
     * @param executor where commands are written after others were answered; may block
     * @param isEnding whether this process ends
     */
    AttemptStarts(
            Commands commands,
            Supplier<UUID> ids,
            Executor executor,
            LeaseWaits waits,
            LeaseMeters meters,
            Remembered remembered,
            BooleanSupplier isEnding) {
        this.commands = commands;
        this.ids = ids;
        this.executor = executor;
        this.waits = waits;
        this.meters = meters;
        this.remembered = remembered;
        this.isEnding = isEnding;
    }

    /**
     * Begins an attempt for a request that has taken the job.
     *
     * @return completed when the record of the job is needed no longer, with whether its start is in the log; never exceptionally
     */
    CompletableFuture<Boolean> start(JobReleased job, LeaseWait wait) {
        JobCommand.Start command = new JobCommand.Start(ids.get(), job.queue(), job.id(), job.token(), wait.worker());
        CompletableFuture<Boolean> settled = new CompletableFuture<>();
        ask(new Start(job, wait, command, settled, 1));
        return settled;
    }

    /** Gives a job back of which an attempt has begun, or none. Lost, the job comes again when its lease or its release has timed out. */
    void handBack(String queue, UUID job, long token) {
        meters.handedBack();
        try {
            // On a thread that may block.
            executor.execute(() -> {
                var unused = tried(new JobCommand.HandBack(ids.get(), queue, job, token));
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("job {}: this process ends", job, e);
        }
    }

    private void ask(Start start) {
        var unused = tried(start.command()).thenAccept(outcome -> {
            switch (outcome) {
                case CommandOutcome.Decided<JobDecision>(JobDecision decision) -> {
                    start.settled().complete(true);
                    decided(start, decision);
                }
                case CommandOutcome.Undecided<JobDecision> _ -> undecided(start);
                case CommandOutcome.Unacknowledged<JobDecision> _ -> unacknowledged(start);
            }
        });
    }

    private CompletableFuture<CommandOutcome<JobDecision>> tried(JobCommand command) {
        try {
            return commands.ask(command);
        } catch (ProblemException e) {
            LOG.debug("{} was not written", command, e);
            return CompletableFuture.completedFuture(new CommandOutcome.Unacknowledged<>());
        }
    }

    private void unacknowledged(Start start) {
        // What was asked for again is in the log: its answer may still come.
        if (start.asked() > 1) {
            undecided(start);
        } else {
            waits.giveBack(start.request());
            start.settled().complete(false);
        }
    }

    /** The dispatcher is away: it is asked again for as long as it may be back, because the attempt will have begun then. */
    private void undecided(Start start) {
        start.settled().complete(true);
        if (isEnding.getAsBoolean()) {
            // Behind the start in the log, so it is decided after it.
            waits.giveBack(start.request());
            handBack(start.job().queue(), start.job().id(), start.job().token());
        } else if (start.asked() < MOST_ASKS) {
            executor.execute(() -> ask(start.again()));
        } else {
            waits.giveBack(start.request());
            LOG.warn(
                    "job {}: the dispatcher did not answer its start; its lease runs out",
                    start.job().id());
        }
    }

    private void decided(Start start, JobDecision decision) {
        JobReleased job = start.job();
        if (!hasBegun(start, decision)) {
            meters.dropped();
            waits.giveBack(start.request());
            return;
        }
        remembered.put(job.id(), job.queue(), job.type());
        if (start.request().grant(Lease.of(job))) {
            meters.granted();
        } else {
            handBack(job.queue(), job.id(), job.token());
        }
    }

    private static boolean hasBegun(Start start, JobDecision decision) {
        return switch (decision) {
            case JobDecision.Changed _ -> true;
            case JobDecision.Queue _ -> false;
            // Asked for again, its answer may have been missed. Else somebody has begun this attempt before, in the
            // same name.
            case JobDecision.Answered(CommandAnswered answer) ->
                start.asked() > 1
                        && answer.accepted()
                        && answer.job() != null
                        && JobState.RUNNING.label().equals(answer.job().state())
                        && start.request().worker().equals(answer.job().worker());
        };
    }
}
