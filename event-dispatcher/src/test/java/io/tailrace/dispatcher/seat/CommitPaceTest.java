package io.tailrace.dispatcher.seat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommitPaceTest {
    private final CommitPace pace = new CommitPace(3);

    @Test
    void what_few_decided_is_told_at_the_next_look_and_only_then() {
        // given
        pace.decided();
        // when
        boolean first = pace.isDue();
        // then
        assertThat(first).isTrue();
        assertThat(pace.isDue()).isFalse();
    }

    @Test
    void in_a_rush_it_waits_for_the_longer_interval() {
        // given
        pace.decided();
        pace.decided();
        pace.decided();
        // when
        boolean due = pace.isDue();
        // then
        assertThat(due).isFalse();
    }

    @Test
    void after_a_rush_the_next_decision_is_told_at_once_again() {
        // given
        pace.decided();
        pace.decided();
        pace.decided();
        var unused = pace.isDue();
        pace.decided();
        // when
        boolean due = pace.isDue();
        // then
        assertThat(due).isTrue();
    }

    @Test
    void without_decisions_there_is_nothing_to_tell() {
        assertThat(pace.isDue()).isFalse();
    }
}
