package io.tailrace.dispatcher.commit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommitPaceTest {
    private final CommitPace pace = new CommitPace(3, 25, 100, 0);

    @Test
    void what_few_decided_is_told_at_the_next_look_and_only_then() {
        decide(1);

        assertThat(pace.isDue(25)).isTrue();
        assertThat(pace.isDue(50)).isFalse();
    }

    @Test
    void in_a_rush_it_waits_for_the_longer_interval() {
        for (int look = 1; look <= 8; look++) {
            decide(3);

            assertThat(pace.isDue(look * 25L)).isEqualTo(look % 4 == 0);
        }
    }

    @Test
    void a_rush_that_begins_in_the_middle_of_a_longer_interval_is_told_when_that_ends() {
        decide(1);
        assertThat(pace.isDue(75)).isTrue();
        decide(3);

        assertThat(pace.isDue(100)).isTrue();
    }

    @Test
    void after_a_rush_the_next_decision_is_told_at_once_again() {
        decide(12);
        assertThat(pace.isDue(25)).isFalse();
        assertThat(pace.isDue(100)).isTrue();
        decide(1);

        assertThat(pace.isDue(125)).isTrue();
    }

    @Test
    void what_a_pause_has_collected_is_no_rush() {
        decide(5);

        assertThat(pace.isDue(75)).isTrue();
    }

    @Test
    void without_decisions_there_is_nothing_to_tell() {
        assertThat(pace.isDue(25)).isFalse();
    }

    private void decide(int times) {
        for (int i = 0; i < times; i++) {
            pace.done();
        }
    }
}
