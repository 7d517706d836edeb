package io.tailrace.standalone.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.standalone.supervision.CoordinatorWatch.Answer;
import io.tailrace.standalone.supervision.CoordinatorWatch.Limits;
import io.tailrace.standalone.supervision.CoordinatorWatch.Verdict;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a broker is started again for its coordinators, without any broker or clock. */
class CoordinatorWatchTest {
    private static final int PATIENCE_MS = 1_000;
    private static final int FORGIVE_MS = 60_000;
    private static final Answer SILENCE = new Answer.Silence();
    private static final Answer ABLE = new Answer.Answered(Set.of());
    private static final Answer TWO_UNABLE = new Answer.Answered(Set.of("offsets-2"));
    private static final Verdict WAIT = new Verdict.Wait();

    private final CoordinatorWatch watch = new CoordinatorWatch(new Limits(PATIENCE_MS, 2, FORGIVE_MS));

    @Test
    void a_coordinator_that_still_loads_is_waited_for() {
        assertThat(watch.observe(TWO_UNABLE, 0)).isEqualTo(WAIT);
        assertThat(watch.observe(TWO_UNABLE, 999)).isEqualTo(WAIT);
        assertThat(watch.observe(ABLE, 1_000)).isEqualTo(WAIT);
        assertThat(watch.observe(TWO_UNABLE, 1_500)).isEqualTo(WAIT);
    }

    @Test
    void one_that_does_not_come_back_costs_a_restart_that_names_it() {
        // given
        watch.observe(TWO_UNABLE, 0);
        // when
        Verdict verdict = watch.observe(TWO_UNABLE, 1_000);
        // then
        assertThat(verdict)
                .isEqualTo(new Verdict.Restart("its coordinators of offsets-2 have not answered for 1000 ms"));
    }

    @Test
    void coordinators_that_take_turns_are_each_waited_for() {
        for (int ms = 0; ms < 10_000; ms += 500) {
            Answer answer = new Answer.Answered(Set.of(ms % 1_000 == 0 ? "offsets-1" : "offsets-2"));
            assertThat(watch.observe(answer, ms)).isEqualTo(WAIT);
        }
    }

    @Test
    void the_time_in_which_the_broker_itself_is_silent_does_not_count() {
        watch.observe(TWO_UNABLE, 0);
        assertThat(watch.observe(SILENCE, 900)).isEqualTo(WAIT);
        assertThat(watch.observe(TWO_UNABLE, 1_200)).isEqualTo(WAIT);
    }

    @Test
    void what_was_seen_before_the_broker_was_started_does_not_count() {
        watch.observe(TWO_UNABLE, 0);
        watch.started();
        assertThat(watch.observe(TWO_UNABLE, 1_200)).isEqualTo(WAIT);
    }

    @Test
    void each_restart_in_a_row_is_asked_for_later_and_after_the_last_one_it_gives_up_once() {
        // given
        restart(0, 1_000);
        watch.started();
        watch.observe(TWO_UNABLE, 2_000);
        assertThat(watch.observe(TWO_UNABLE, 3_999)).isEqualTo(WAIT);
        assertThat(watch.observe(TWO_UNABLE, 4_000)).isInstanceOf(Verdict.Restart.class);
        watch.started();
        // when
        watch.observe(TWO_UNABLE, 5_000);
        Verdict verdict = watch.observe(TWO_UNABLE, 9_000);
        // then
        assertThat(verdict).isInstanceOf(Verdict.GiveUp.class);
        assertThat(watch.observe(TWO_UNABLE, 1_000_000)).isEqualTo(WAIT);
    }

    @Test
    void a_broker_that_works_for_a_moment_only_is_in_the_same_row() {
        // given
        restart(0, 1_000);
        // when
        watch.observe(ABLE, 2_000);
        watch.observe(ABLE, 2_000 + FORGIVE_MS - 1);
        // then
        long nowMs = 2_000 + FORGIVE_MS;
        watch.observe(TWO_UNABLE, nowMs);
        assertThat(watch.observe(TWO_UNABLE, nowMs + 1_000)).isEqualTo(WAIT);
        assertThat(watch.observe(TWO_UNABLE, nowMs + 2_000)).isInstanceOf(Verdict.Restart.class);
    }

    @Test
    void a_broker_that_has_worked_for_long_begins_a_new_row() {
        // given
        restart(0, 1_000);
        // when
        watch.observe(ABLE, 2_000);
        watch.observe(ABLE, 2_000 + FORGIVE_MS);
        // then
        restart(100_000, 101_000);
    }

    @Test
    void without_restarts_it_only_says_so() {
        CoordinatorWatch watching = new CoordinatorWatch(new Limits(PATIENCE_MS, 0, FORGIVE_MS));
        watching.observe(TWO_UNABLE, 0);
        assertThat(watching.observe(TWO_UNABLE, 1_000)).isInstanceOf(Verdict.GiveUp.class);
    }

    @Test
    void limits_that_make_no_sense_are_refused() {
        assertThatThrownBy(() -> new Limits(0, 1, 1)).hasMessageContaining("patience 0 ms");
        assertThatThrownBy(() -> new Limits(1, 11, 1)).hasMessageContaining("11");
    }

    /** Whatever a broker does within the time of forgiveness, it is not restarted more often than the limit says. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void it_never_becomes_a_loop(long seed) {
        SplittableRandom dice = new SplittableRandom(seed);
        int restarts = 0;
        for (int nowMs = 0; nowMs < FORGIVE_MS; nowMs += 250) {
            int round = dice.nextInt(20);
            Answer answer = round == 0 ? SILENCE : round == 1 ? ABLE : TWO_UNABLE;
            if (watch.observe(answer, nowMs) instanceof Verdict.Restart) {
                restarts++;
                watch.started();
            }
        }
        assertThat(restarts).isEqualTo(2);
    }

    private void restart(long fromMs, long toMs) {
        watch.observe(TWO_UNABLE, fromMs);
        assertThat(watch.observe(TWO_UNABLE, toMs)).isInstanceOf(Verdict.Restart.class);
    }
}
