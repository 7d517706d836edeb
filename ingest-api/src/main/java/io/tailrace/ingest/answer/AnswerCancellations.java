package io.tailrace.ingest.answer;

import io.tailrace.ingest.job.OwnJobs.Cancellation;
import io.tailrace.ingest.job.OwnJobs.Decision;
import io.tailrace.ingest.log.AppendOutcome;
import io.tailrace.kit.problem.ProblemException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cancels answers, and has their channels end with it, also where the decision comes later than its request can wait. Thread-safe. */
final class AnswerCancellations {
    /** How often a late decision is asked for, each time for as long as a request waits for one. */
    static final int MOST_ASKED = 10;

    private static final Logger LOG = LoggerFactory.getLogger(AnswerCancellations.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

    private final Decider decider;
    private final Channels channels;
    private final Executor executor;

    /** Decides whether an answer is cancelled. */
    @FunctionalInterface
    interface Decider {
        CompletableFuture<Cancellation> cancel(UUID answer);
    }

    /** Tells the channel of an answer that it is cancelled; a second time is the same event. */
    @FunctionalInterface
    interface Channels {
        CompletableFuture<AppendOutcome> cancelled(UUID owner, UUID answer);
    }

    /**
     * Cancellations.
     *
     * @param executor runs what may block
     */
    AnswerCancellations(Decider decider, Channels channels, Executor executor) {
        this.decider = decider;
        this.channels = channels;
        this.executor = executor;
    }

    /**
     * Cancels an answer.
     *
     * @return what was decided, completed when the log has the event that ends the channel, if there is one; completed exceptionally with a problem,
     *     503 if the log did not take it in time
     */
    CompletableFuture<Cancellation> cancel(UUID owner, UUID answer) {
        return decider.cancel(answer)
                .thenComposeAsync(
                        outcome -> {
                            if (outcome.decision() == Decision.UNDECIDED) {
                                // Whoever asks is not kept waiting for it.
                                follow(owner, answer, MOST_ASKED);
                            }
                            return told(owner, answer, outcome);
                        },
                        executor);
    }

    private void follow(UUID owner, UUID answer, int left) {
        var unused = CompletableFuture.completedFuture(answer)
                .thenComposeAsync(decider::cancel, executor)
                .thenComposeAsync(
                        outcome -> {
                            if (outcome.decision() == Decision.UNDECIDED && left > 1) {
                                follow(owner, answer, left - 1);
                            } else if (outcome.decision() == Decision.UNDECIDED) {
                                LOG.warn("the cancellation of the answer {} is not decided yet", answer);
                            }
                            return told(owner, answer, outcome);
                        },
                        executor)
                .whenComplete((outcome, e) -> {
                    if (e != null) {
                        LOG.warn("the channel of the answer {} may be without its end: {}", answer, e.toString());
                    }
                });
    }

    private CompletableFuture<Cancellation> told(UUID owner, UUID answer, Cancellation outcome) {
        if (!isCancelled(outcome)) {
            return CompletableFuture.completedFuture(outcome);
        }
        // Also if it was cancelled before, because the first event may have been lost.
        return channels.cancelled(owner, answer).thenApply(appended -> {
            if (!(appended instanceof AppendOutcome.Appended)) {
                throw ProblemException.unavailable(
                        "The answer is cancelled, and the log did not take the event that says so in time; cancel it"
                                + " again",
                        RETRY_AFTER,
                        null);
            }
            return outcome;
        });
    }

    /** Whether the answer is cancelled, by this cancellation or an earlier one. */
    static boolean isCancelled(Cancellation outcome) {
        return switch (outcome.decision()) {
            case CANCELLED -> true;
            case REFUSED -> AnswerView.state(outcome.state()).equals("cancelled");
            case UNDECIDED -> false;
        };
    }
}
