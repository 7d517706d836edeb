package io.tailrace.standalone.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.standalone.supervision.PartState.BackingOff;
import io.tailrace.standalone.supervision.PartState.Failed;
import io.tailrace.standalone.supervision.PartState.Ready;
import io.tailrace.standalone.supervision.PartState.Restarts;
import io.tailrace.standalone.supervision.PartState.Starting;
import io.tailrace.standalone.supervision.PartState.Stopped;
import io.tailrace.standalone.supervision.PartState.Stopping;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The decisions of the supervisor, without any process or clock. */
class SupervisionTest {
    private static final Backoff BACKOFF = new Backoff(500, 30_000, 60_000);
    private static final Part LOG = new Part("log", Set.of(), Set.of(), 10_000, 5_000);
    private static final Part INDEX = new Part("index", Set.of(), Set.of(), 10_000, 5_000);
    private static final Part TOPICS = new Part("topics", Set.of("log"), Set.of(), 10_000, 5_000);
    private static final Part SERVICES = new Part("services", Set.of("topics"), Set.of("index"), 10_000, 5_000);

    private final Supervision supervision = new Supervision(List.of(LOG, INDEX, TOPICS, SERVICES), BACKOFF);
    private final Map<String, PartState> states = supervision.initial();

    @Test
    void what_needs_nothing_starts_at_once_and_the_rest_waits() {
        assertThat(supervision.towardsUp(states, 0)).extracting(Action::part).containsExactly("log", "index");
    }

    @Test
    void a_part_starts_when_all_that_it_needs_is_ready() {
        // given
        states.put("log", new Ready(10, Restarts.NONE));
        states.put("index", new Starting(0, Restarts.NONE));
        // then
        assertThat(supervision.towardsUp(states, 20))
                .containsExactly(new Action.Start("topics", new Starting(20, Restarts.NONE)));
    }

    @Test
    void a_need_that_is_left_out_does_not_count() {
        Supervision alone = new Supervision(List.of(SERVICES), BACKOFF);
        assertThat(alone.towardsUp(alone.initial(), 0)).extracting(Action::part).containsExactly("services");
    }

    @Test
    void a_part_that_comes_before_what_it_needs_is_refused() {
        assertThatThrownBy(() -> new Supervision(List.of(TOPICS, LOG), BACKOFF))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("topics needs log");
    }

    @Test
    void a_first_start_that_takes_too_long_is_given_up_and_fails() {
        // given
        states.put("log", new Starting(0, Restarts.NONE));
        states.put("index", new Ready(0, Restarts.NONE));
        // then
        assertThat(supervision.towardsUp(states, 9_999)).isEmpty();
        assertThat(supervision.towardsUp(states, 10_000)).singleElement().satisfies(action -> {
            assertThat(action).isInstanceOf(Action.GiveUp.class);
            assertThat(action.next()).isEqualTo(new Failed("did not come up within 10 s"));
        });
    }

    @Test
    void a_part_that_dies_is_started_again_after_its_wait_and_only_when_its_needs_are_ready() {
        // given
        states.put("index", new Ready(0, Restarts.NONE));
        states.put("services", new Ready(0, Restarts.NONE));
        states.put("log", new Ready(0, Restarts.NONE).ended(1_000, "SIGKILL", BACKOFF));
        states.put("topics", new Ready(0, Restarts.NONE).ended(1_000, "SIGKILL", BACKOFF));
        // then
        assertThat(supervision.nextDecisionMs(states, 1_000)).hasValue(1_500);
        assertThat(supervision.towardsUp(states, 1_499)).isEmpty();
        assertThat(supervision.towardsUp(states, 1_500))
                .containsExactly(new Action.Start("log", new Starting(1_500, new Restarts(1, 1))));
    }

    @Test
    void a_restart_that_fails_is_tried_for_ever_with_growing_waits() {
        PartState state = new Ready(0, Restarts.NONE).ended(0, "died", BACKOFF);
        long previousMs = 0;
        for (int i = 0; i < 50; i++) {
            BackingOff backingOff = (BackingOff) state;
            long waitMs = backingOff.untilMs() - previousMs;
            assertThat(waitMs).isBetween(500L, 30_000L);
            previousMs = backingOff.untilMs();
            state = backingOff.start(previousMs).ended(previousMs, "died again", BACKOFF);
        }
        assertThat(state.restarts()).isEqualTo(51);
    }

    @Test
    void a_part_that_ran_for_long_is_forgiven() {
        Ready ready = new Ready(0, new Restarts(7, 7));
        assertThat(ready.ended(60_000, "died", BACKOFF)).isEqualTo(new BackingOff(60_500, "died", new Restarts(8, 1)));
        assertThat(ready.ended(59_999, "died", BACKOFF).untilMs()).isEqualTo(59_999 + 30_000);
    }

    @Test
    void services_stop_before_what_they_need_and_before_what_they_only_use() {
        // given
        states.replaceAll((name, state) -> new Ready(0, Restarts.NONE));
        // when
        List<Action> first = supervision.towardsDown(states, 100);
        // then
        assertThat(first).containsExactly(new Action.Stop("services", new Stopping(100, false, 0)));
        states.put("services", new Stopping(100, false, 0));
        assertThat(supervision.towardsDown(states, 200)).isEmpty();
        states.put("services", new Stopped(0));
        assertThat(supervision.towardsDown(states, 300))
                .extracting(Action::part)
                .containsExactly("topics", "index");
    }

    @Test
    void a_part_that_does_not_stop_in_time_is_killed_once() {
        // given
        states.replaceAll((name, state) -> new Stopped(0));
        states.put("log", new Stopping(0, false, 3));
        // then
        assertThat(supervision.towardsDown(states, 4_999)).isEmpty();
        assertThat(supervision.towardsDown(states, 5_000))
                .containsExactly(new Action.Kill("log", new Stopping(5_000, true, 3)));
        states.put("log", new Stopping(5_000, true, 3));
        assertThat(supervision.towardsDown(states, 99_000)).isEmpty();
        assertThat(supervision.allStopped(states)).isFalse();
    }

    @Test
    void what_never_started_is_stopped_at_once() {
        assertThat(supervision.towardsDown(states, 0)).hasSize(4).allMatch(Action.MarkStopped.class::isInstance);
    }
}
