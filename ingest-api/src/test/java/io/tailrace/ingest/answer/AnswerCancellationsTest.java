package io.tailrace.ingest.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.ingest.job.OwnJobs.Cancellation;
import io.tailrace.ingest.job.OwnJobs.Decision;
import io.tailrace.ingest.log.AppendOutcome;
import io.tailrace.kit.problem.ProblemException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the channels of answers that are cancelled, whenever that is decided. */
class AnswerCancellationsTest {
    private static final Cancellation LATE = new Cancellation(Decision.UNDECIDED, "pending");
    private static final Cancellation DONE = new Cancellation(Decision.CANCELLED, "cancelled");

    private final UUID owner = UUID.randomUUID();
    private final UUID answer = UUID.randomUUID();
    private final List<CompletableFuture<Cancellation>> decisions = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    private AppendOutcome appended = new AppendOutcome.Appended(0, 0);

    private final AnswerCancellations cancellations =
            new AnswerCancellations(this::decision, this::tell, Runnable::run);

    private CompletableFuture<Cancellation> decision(UUID asked) {
        assertThat(asked).isEqualTo(answer);
        return decisions.removeFirst();
    }

    private CompletableFuture<AppendOutcome> tell(UUID whose, UUID which) {
        told.add(whose + " " + which);
        return CompletableFuture.completedFuture(appended);
    }

    private CompletableFuture<Cancellation> next() {
        CompletableFuture<Cancellation> decision = new CompletableFuture<>();
        decisions.add(decision);
        return decision;
    }

    @ParameterizedTest
    @CsvSource({"CANCELLED, cancelled", "REFUSED, cancelled"})
    void aChannelEndsAlsoIfTheAnswerWasCancelledBefore(Decision decision, String state) {
        next().complete(new Cancellation(decision, state));

        Cancellation outcome = cancellations.cancel(owner, answer).join();

        assertThat(AnswerCancellations.isCancelled(outcome)).isTrue();
        assertThat(told).containsExactly(owner + " " + answer);
    }

    @ParameterizedTest
    @CsvSource({"succeeded", "dead"})
    void anAnswerThatHasEndedOtherwiseIsNotSaidToBeCancelled(String state) {
        next().complete(new Cancellation(Decision.REFUSED, state));

        Cancellation outcome = cancellations.cancel(owner, answer).join();

        assertThat(AnswerCancellations.isCancelled(outcome)).isFalse();
        assertThat(told).isEmpty();
    }

    @Test
    void anEventThatTheLogHasNotTakenIsNotAnsweredAsIfItHad() {
        appended = new AppendOutcome.Unknown("the brokers are away");
        next().complete(DONE);

        CompletableFuture<Cancellation> outcome = cancellations.cancel(owner, answer);

        assertThatThrownBy(outcome::join).cause().isInstanceOfSatisfying(ProblemException.class, problem -> assertThat(
                        problem.problem().status())
                .isEqualTo(503));
    }

    @Test
    void aDecisionThatComesLateEndsTheChannelWhenItComes() {
        next().complete(LATE);
        next().complete(LATE);
        CompletableFuture<Cancellation> late = next();

        Cancellation outcome = cancellations.cancel(owner, answer).join();
        assertThat(outcome).isEqualTo(LATE);
        assertThat(told).isEmpty();
        late.complete(new Cancellation(Decision.REFUSED, "cancelled"));

        assertThat(told).containsExactly(owner + " " + answer);
        assertThat(decisions).isEmpty();
    }

    @Test
    void aDecisionThatDoesNotComeIsNotAskedForWithoutEnd() {
        decisions.addAll(
                Collections.nCopies(AnswerCancellations.MOST_ASKED + 5, CompletableFuture.completedFuture(LATE)));

        var unused = cancellations.cancel(owner, answer).join();

        assertThat(decisions).hasSize(4);
        assertThat(told).isEmpty();
    }

    @Test
    void aFailureToAskAgainIsNotThatOfTheRequest() {
        next().complete(LATE);
        next().completeExceptionally(new IllegalStateException("the log is away"));

        assertThat(cancellations.cancel(owner, answer).join()).isEqualTo(LATE);
    }
}
