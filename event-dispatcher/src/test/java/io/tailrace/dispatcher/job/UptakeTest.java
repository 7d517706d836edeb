package io.tailrace.dispatcher.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UptakeTest {
    @Test
    void without_a_start_a_few_may_be_released() {
        assertThat(Uptake.NONE.credit(1_000_000, 500)).isEqualTo(Uptake.FEWEST);
        assertThat(Uptake.NONE.credit(1_000_000, 3)).isEqualTo(3);
    }

    @Test
    void it_is_twice_what_was_started_in_a_step_and_never_more_than_the_most() {
        assertThat(started(40, 1_000_000).credit(1_000_000, 500)).isEqualTo(80);
        assertThat(started(400, 1_000_000).credit(1_000_249, 500)).isEqualTo(500);
    }

    @Test
    void a_step_counts_while_the_next_one_goes_on_and_not_longer() {
        Uptake uptake = started(40, 1_000_000);

        assertThat(uptake.started(1_000_250).credit(1_000_250, 500)).isEqualTo(80);
        assertThat(uptake.credit(1_000_499, 500)).isEqualTo(80);
        assertThat(uptake.credit(1_000_500, 500)).isEqualTo(Uptake.FEWEST);
        assertThat(uptake.started(1_000_500).credit(1_000_500, 500)).isEqualTo(Uptake.FEWEST);
    }

    private static Uptake started(int times, long nowMs) {
        Uptake uptake = Uptake.NONE;
        for (int i = 0; i < times; i++) {
            uptake = uptake.started(nowMs);
        }
        return uptake;
    }
}
