package io.tailrace.projections.drive;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BatchPaceTest {
    private final BatchPace pace = new BatchPace(25, 1000);

    @Test
    void the_first_batch_is_read_at_once() {
        assertThat(pace.waitNs(0)).isZero();
    }

    @Test
    void a_batch_waits_until_the_interval_since_the_one_before_is_over() {
        pace.applied(100, 3);

        assertThat(pace.waitNs(110)).isEqualTo(15);
        assertThat(pace.waitNs(124)).isEqualTo(1);
        assertThat(pace.waitNs(125)).isZero();
    }

    @Test
    void after_a_pause_a_batch_is_read_at_once() {
        pace.applied(100, 0);

        assertThat(pace.waitNs(1_000)).isZero();
    }

    @Test
    void a_backlog_that_fills_a_transaction_does_not_wait() {
        pace.applied(100, 1000);

        assertThat(pace.waitNs(101)).isZero();
    }

    @Test
    void without_an_interval_nothing_waits() {
        BatchPace none = new BatchPace(0, 1000);
        none.applied(100, 0);

        assertThat(none.waitNs(100)).isZero();
    }
}
