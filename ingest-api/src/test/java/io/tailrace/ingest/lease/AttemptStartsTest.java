package io.tailrace.ingest.lease;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobEvents.CommandAnswered;
import io.tailrace.contracts.job.JobEvents.JobChanged;
import io.tailrace.contracts.job.JobEvents.JobReleased;
import io.tailrace.contracts.job.JobEvents.JobView;
import io.tailrace.ingest.decision.CommandOutcome;
import io.tailrace.ingest.job.JobDecision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Starts in the names of workers, whose answers the test gives when it likes. */
class AttemptStartsTest {
    private record Asked(JobCommand command, CompletableFuture<CommandOutcome<JobDecision>> outcome) {}

    private final List<Asked> asked = new ArrayList<>();
    private final LeaseWaits waits = new LeaseWaits(2);
    private final AttemptStarts starts = new AttemptStarts(
            command -> {
                CompletableFuture<CommandOutcome<JobDecision>> outcome = new CompletableFuture<>();
                asked.add(new Asked(command, outcome));
                return outcome;
            },
            UUID::randomUUID,
            Runnable::run,
            waits,
            new LeaseMeters(new SimpleMeterRegistry(), waits),
            (job, queue, type) -> {},
            waits::isEnded);
    private final LeaseWait request = new LeaseWait(Set.of("resize"), "w1", 2);

    @Test
    void a_request_is_answered_when_what_was_about_to_begin_for_it_has_begun_or_was_refused() throws Exception {
        JobReleased first = released();
        JobReleased second = released();
        CompletableFuture<Boolean> settled = begin(first);
        begin(second);

        answer(0, new JobDecision.Changed(changed(first)));
        assertThat(settled).isCompletedWithValue(true);
        assertThat(request.answer()).isNotDone();
        answer(1, refused(second, "cancelled"));

        assertThat(request.answer().join()).extracting(Lease::id).containsExactly(first.id());
        assertThat(asked).hasSize(2);
    }

    @Test
    void a_start_that_is_not_decided_is_asked_for_again_under_its_id_and_its_repetition_is_its_answer()
            throws Exception {
        JobReleased job = released();
        CompletableFuture<Boolean> settled = begin(job);

        asked.getFirst().outcome().complete(new CommandOutcome.Undecided<>());
        assertThat(settled).isCompletedWithValue(true);
        asked.get(1).outcome().complete(new CommandOutcome.Unacknowledged<>());
        answer(2, repeated(job, "w1"));

        assertThat(asked)
                .extracting(each -> each.command().commandId())
                .containsOnly(asked.getFirst().command().commandId());
        assertThat(request.answer().join()).extracting(Lease::id).containsExactly(job.id());
    }

    @Test
    void an_attempt_that_somebody_has_begun_before_is_nobodys_lease() throws Exception {
        JobReleased job = released();
        begin(job);

        answer(0, repeated(job, "w1"));

        assertThat(request.answer()).isNotDone();
        assertThat(request.wants("resize")).isTrue();
    }

    @Test
    void a_start_that_is_not_in_the_log_leaves_the_record_to_the_broker() throws Exception {
        CompletableFuture<Boolean> settled = begin(released());

        asked.getFirst().outcome().complete(new CommandOutcome.Unacknowledged<>());

        assertThat(settled).isCompletedWithValue(false);
        assertThat(request.wants("resize")).isTrue();
    }

    @Test
    void an_attempt_that_begins_when_its_request_was_answered_is_handed_back() throws Exception {
        JobReleased job = released();
        begin(job);

        request.close();
        assertThat(request.answer()).isNotDone();
        request.answerNow();
        assertThat(request.answer().join()).isEmpty();
        answer(0, new JobDecision.Changed(changed(job)));

        assertThat(asked.getLast().command())
                .isInstanceOfSatisfying(JobCommand.HandBack.class, back -> assertThat(back.token())
                        .isEqualTo(job.token()));
    }

    @Test
    void what_has_begun_for_a_request_whose_sender_has_gone_is_its_to_hand_back() throws Exception {
        JobReleased first = released();
        JobReleased second = released();
        begin(first);
        begin(second);
        answer(0, new JobDecision.Changed(changed(first)));

        List<Lease> left = request.abandon();
        answer(1, new JobDecision.Changed(changed(second)));

        assertThat(left).extracting(Lease::id).containsExactly(first.id());
        assertThat(asked.getLast().command())
                .isInstanceOfSatisfying(JobCommand.HandBack.class, back -> assertThat(back.jobId())
                        .isEqualTo(second.id()));
        assertThat(waits.size()).isZero();
    }

    @Test
    void a_process_that_ends_hands_back_what_is_not_decided() throws Exception {
        begin(released());

        waits.end();
        asked.getFirst().outcome().complete(new CommandOutcome.Undecided<>());

        assertThat(request.answer().join()).isEmpty();
        assertThat(asked.getLast().command()).isInstanceOf(JobCommand.HandBack.class);
    }

    @Test
    void who_came_first_gets_the_first_job_and_a_bounded_number_may_wait() throws Exception {
        LeaseWait other = new LeaseWait(Set.of("crop", "resize"), "w2", 1);
        assertThat(waits.add(request)).isTrue();
        assertThat(waits.add(other)).isTrue();
        assertThat(waits.add(new LeaseWait(Set.of("crop"), "w3", 1))).isFalse();

        assertThat(waits.awaitTake("crop", 0)).isSameAs(other);
        assertThat(waits.isWanted("crop")).isFalse();
        assertThat(waits.awaitTake("crop", 0)).isNull();
        assertThat(waits.awaitTake("resize", 0)).isSameAs(request);
        request.close();
        request.giveBack();
        assertThat(waits.size()).isEqualTo(1);
    }

    private CompletableFuture<Boolean> begin(JobReleased job) throws InterruptedException {
        if (waits.size() == 0) {
            assertThat(waits.add(request)).isTrue();
        }
        assertThat(waits.awaitTake("resize", 0)).isSameAs(request);
        return starts.start(job, request);
    }

    private void answer(int index, JobDecision decision) {
        asked.get(index).outcome().complete(new CommandOutcome.Decided<>(decision));
    }

    private static JobReleased released() {
        return new JobReleased(
                UUID.randomUUID(), "default", "resize", 1, false, 3, 5, Instant.EPOCH, Instant.EPOCH, 60, 30_000, null);
    }

    private static JobChanged changed(JobReleased job) {
        return new JobChanged(view(job, "w1"), UUID.randomUUID(), null, job.token(), null, null, null, null);
    }

    private static JobDecision refused(JobReleased job, String reason) {
        return new JobDecision.Answered(
                new CommandAnswered(UUID.randomUUID(), "default", false, false, reason, null, view(job, null)));
    }

    private static JobDecision repeated(JobReleased job, String worker) {
        return new JobDecision.Answered(
                new CommandAnswered(UUID.randomUUID(), "default", true, true, null, null, view(job, worker)));
    }

    private static JobView view(JobReleased job, @Nullable String worker) {
        return new JobView(
                job.id(),
                "default",
                "resize",
                "running",
                5,
                Instant.EPOCH,
                1,
                5,
                60,
                null,
                null,
                Instant.EPOCH,
                null,
                null,
                worker);
    }
}
