package io.tailrace.ingest.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobEvents.CommandAnswered;
import io.tailrace.contracts.job.JobEvents.JobView;
import io.tailrace.contracts.job.JobRefusal;
import io.tailrace.ingest.decision.CommandOutcome;
import io.tailrace.ingest.job.JobDecision;
import io.tailrace.kit.problem.ProblemException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LeaseProofsTest {
    private static final UUID JOB = new UUID(0, 1);

    private final List<JobCommand> asked = new ArrayList<>();
    private long nowNs;
    private CommandOutcome<JobDecision> outcome = answer(null);
    private final LeaseProofs proofs = new LeaseProofs(this::ask, UUID::randomUUID, () -> nowNs);

    private CompletableFuture<CommandOutcome<JobDecision>> ask(JobCommand command) {
        asked.add(command);
        return CompletableFuture.completedFuture(outcome);
    }

    /** As the dispatcher answers; null if it accepts. */
    private static CommandOutcome<JobDecision> answer(@Nullable JobRefusal reason) {
        JobView job = new JobView(
                JOB, "q", "t", "running", 5, Instant.EPOCH, 3, 5, 60, null, null, Instant.EPOCH, null, null, "w");
        String label = reason == null ? null : reason.label();
        return new CommandOutcome.Decided<>(new JobDecision.Answered(
                new CommandAnswered(new UUID(0, 2), "q", reason == null, false, label, null, job)));
    }

    @Test
    void the_dispatcher_is_asked_once_in_ten_seconds_for_each_token() {
        assertThat(proofs.attempt("q", JOB, 7)).isEqualTo(3);
        assertThat(proofs.attempt("q", JOB, 7)).isEqualTo(3);
        assertThat(asked).hasSize(1);
        assertThat(((JobCommand.Heartbeat) asked.getFirst()).token()).isEqualTo(7);
        assertThat(((JobCommand.Heartbeat) asked.getFirst()).wantsAnswer()).isTrue();

        assertThat(proofs.attempt("q", JOB, 8)).isEqualTo(3);
        assertThat(asked).hasSize(2);
        nowNs += LeaseProofs.REMEMBERED_FOR.toNanos() + 1;
        outcome = answer(JobRefusal.STALE_TOKEN);

        assertThatThrownBy(() -> proofs.attempt("q", JOB, 7)).isInstanceOf(ProblemException.class);
        assertThatThrownBy(() -> proofs.attempt("q", JOB, 7)).isInstanceOf(ProblemException.class);
        assertThat(asked).as("a refusal is not remembered").hasSize(4);
    }

    @Test
    void an_attempt_that_was_cancelled_is_one_until_its_worker_stops() {
        outcome = answer(JobRefusal.CANCELLED);

        assertThat(proofs.attempt("q", JOB, 7)).isEqualTo(3);
    }

    @Test
    void without_an_answer_nothing_is_proved() {
        outcome = new CommandOutcome.Undecided<>();
        assertThatThrownBy(() -> proofs.attempt("q", JOB, 7)).isInstanceOf(ProblemException.class);
        outcome = new CommandOutcome.Unacknowledged<>();
        assertThatThrownBy(() -> proofs.attempt("q", JOB, 7)).isInstanceOf(ProblemException.class);
        outcome = answer(null);

        assertThat(proofs.attempt("q", JOB, 7)).isEqualTo(3);
    }
}
