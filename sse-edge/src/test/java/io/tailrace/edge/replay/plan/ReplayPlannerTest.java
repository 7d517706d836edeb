package io.tailrace.edge.replay.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.PartitionId;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ReplayPlannerTest {
    private static final PartitionId P0 = new PartitionId(1, 0);
    private static final PartitionId P1 = new PartitionId(1, 1);
    private static final Generation G = new Generation(7);

    @Test
    void loopsThatWantTheSameStretchShareOneRead() {
        ReplayPlanner planner = planner(4);
        planner.request(0, P0, G, 100);
        planner.request(1, P0, G, 150);

        ReplayRange range = next(planner);
        int[] loops = planner.completed(range, 200, 1000);

        assertThat(range.fromOffset()).isEqualTo(100);
        assertThat(loops).containsExactly(0, 1);
        assertThat(planner.waiting()).isZero();
        assertThat(planner.next(0)).isNull();
    }

    @Test
    void aPartitionIsSweptUpwardAndThenFromTheSmallestAgain() {
        ReplayPlanner planner = planner(4);
        planner.request(0, P0, G, 100);
        planner.request(1, P0, G, 900);
        assertThat(planner.completed(next(planner), 200, 1000)).containsExactly(0, 1);
        planner.request(0, P0, G, 50);

        ReplayRange upward = next(planner);
        planner.completed(upward, 1000, 1000);
        ReplayRange wrapped = next(planner);

        assertThat(upward.fromOffset()).isEqualTo(900);
        assertThat(wrapped.fromOffset()).isEqualTo(50);
    }

    @Test
    void partitionsTakeTurnsAndOneIsNotReadTwiceAtATime() {
        ReplayPlanner planner = planner(4);
        planner.request(0, P0, G, 0);
        planner.request(0, P1, G, 0);
        planner.request(1, P0, G, 500);

        ReplayRange first = next(planner);
        ReplayRange second = next(planner);

        assertThat(first.partition()).isEqualTo(P0);
        assertThat(second.partition()).isEqualTo(P1);
        assertThat(planner.next(0)).isNull();
        assertThat(planner.inFlight()).isEqualTo(2);
    }

    @Test
    void readsAtATimeAreBounded() {
        ReplayPlanner planner = planner(1);
        planner.request(0, P0, G, 0);
        planner.request(0, P1, G, 0);

        ReplayRange first = next(planner);

        assertThat(planner.next(0)).isNull();
        planner.completed(first, 10, 1000);
        assertThat(next(planner).partition()).isEqualTo(P1);
    }

    @Test
    void aSpentBudgetPausesUntilItIsEarnedAgain() {
        ReplayPlanner planner = new ReplayPlanner(new ReplaySettings(4, 1000, 1000, 1000), 0);
        planner.request(0, P0, G, 0);
        planner.completed(next(planner), 10, 3000);
        planner.request(0, P0, G, 10);

        long resumesAtMs = planner.nextAtMs(0);

        assertThat(planner.next(0)).isNull();
        assertThat(resumesAtMs).isBetween(2000L, 2100L);
        assertThat(planner.next(resumesAtMs)).isNotNull();
    }

    @Test
    void whatIsGoneIsAnsweredToThoseWhoWantedIt() {
        ReplayPlanner planner = planner(4);
        planner.request(0, P0, G, 10);
        planner.request(1, P0, G, 90);

        int[] loops = planner.gone(next(planner), 50);

        assertThat(loops).containsExactly(0);
        assertThat(next(planner).fromOffset()).isEqualTo(90);
    }

    @Test
    void aFailureIsAnsweredToThoseWhoseRequestItWas() {
        ReplayPlanner planner = planner(4);
        planner.request(0, P0, G, 10);
        planner.request(1, P0, G, 90);

        int[] loops = planner.failed(next(planner));

        assertThat(loops).containsExactly(0);
        assertThat(planner.waiting()).isEqualTo(1);
    }

    @Test
    void aCancelledRequestIsNotRead() {
        ReplayPlanner planner = planner(4);
        planner.request(0, P0, G, 10);

        planner.cancel(0, P0);

        assertThat(planner.next(0)).isNull();
        assertThat(planner.nextAtMs(0)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aRequestThatIsCancelledWhileItIsReadLeavesNothingBehind() {
        ReplayPlanner planner = planner(4);
        planner.request(0, P0, G, 10);
        ReplayRange range = next(planner);
        planner.cancel(0, P0);

        int[] loops = planner.completed(range, 20, 1000);

        assertThat(loops).isEmpty();
        assertThat(planner.inFlight()).isZero();
        assertThat(planner.waiting()).isZero();
    }

    @Test
    void aRequestOfANewGenerationReplacesTheOldOne() {
        ReplayPlanner planner = planner(4);
        planner.request(0, P0, G, 10);

        planner.request(0, P0, new Generation(8), 0);

        assertThat(next(planner).generation()).isEqualTo(new Generation(8));
        assertThat(planner.next(0)).isNull();
    }

    private static ReplayPlanner planner(int maxInFlight) {
        return new ReplayPlanner(new ReplaySettings(maxInFlight, 1000, 1_000_000, 1_000_000), 0);
    }

    private static ReplayRange next(ReplayPlanner planner) {
        return Objects.requireNonNull(planner.next(0));
    }
}
