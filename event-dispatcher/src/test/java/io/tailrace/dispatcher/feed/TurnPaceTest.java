package io.tailrace.dispatcher.feed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Turns of fan-outs take a share of the time, one task's after the other's. */
class TurnPaceTest {
    private static final long MS = 1_000_000;

    private final TurnPace pace = new TurnPace(0.2);
    private final Object task = new Object();
    private final Object other = new Object();

    @Test
    void after_a_turn_there_is_a_rest_in_proportion_to_what_it_took() {
        pace.join(task);
        assertThat(pace.mayBegin(task, 0)).isTrue();

        pace.ended(task, 0, 30 * MS);

        assertThat(pace.mayBegin(task, 30 * MS)).isFalse();
        assertThat(pace.mayBegin(task, 149 * MS)).isFalse();
        assertThat(pace.mayBegin(task, 150 * MS)).isTrue();
    }

    @Test
    void tasks_of_a_thread_have_turns_one_after_the_other() {
        pace.join(task);
        pace.join(other);
        assertThat(pace.mayBegin(other, 0)).isFalse();

        pace.ended(task, 0, 10 * MS);

        assertThat(pace.mayBegin(task, 50 * MS)).isFalse();
        assertThat(pace.mayBegin(other, 50 * MS)).isTrue();
        pace.ended(other, 50 * MS, 60 * MS);
        assertThat(pace.mayBegin(task, 100 * MS)).isTrue();
    }

    @Test
    void the_rest_after_the_turn_of_one_task_is_one_for_the_others() {
        pace.join(task);
        pace.join(other);

        pace.ended(task, 0, 10 * MS);

        assertThat(pace.mayBegin(other, 49 * MS)).isFalse();
    }

    @Test
    void a_task_that_has_left_holds_nobody_up() {
        pace.join(task);
        pace.join(other);

        pace.leave(task);

        assertThat(pace.mayBegin(other, 0)).isTrue();
    }

    @Test
    void a_turn_that_was_held_up_is_followed_by_a_rest_of_a_second_at_most() {
        pace.join(task);

        pace.ended(task, 0, 20_000 * MS);

        assertThat(pace.mayBegin(task, 20_999 * MS)).isFalse();
        assertThat(pace.mayBegin(task, 21_000 * MS)).isTrue();
    }

    @Test
    void with_the_whole_time_there_is_no_rest() {
        TurnPace whole = new TurnPace(1);
        whole.join(task);

        whole.ended(task, 0, 30 * MS);

        assertThat(whole.mayBegin(task, 30 * MS)).isTrue();
    }

    @Test
    void a_clock_may_begin_anywhere_and_pass_the_end_of_its_range() {
        pace.join(task);

        pace.ended(task, Long.MAX_VALUE - 10 * MS, Long.MAX_VALUE);

        assertThat(pace.mayBegin(task, Long.MAX_VALUE)).isFalse();
        assertThat(pace.mayBegin(task, Long.MIN_VALUE + 40 * MS)).isTrue();
    }
}
