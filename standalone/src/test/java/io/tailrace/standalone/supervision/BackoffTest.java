package io.tailrace.standalone.supervision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void it_doubles_up_to_its_bound_and_never_overflows() {
        Backoff backoff = new Backoff(500, 30_000, 0);
        assertThat(backoff.delayMs(0)).isEqualTo(500);
        assertThat(backoff.delayMs(1)).isEqualTo(1_000);
        assertThat(backoff.delayMs(5)).isEqualTo(16_000);
        for (int strikes = 6; strikes < 200; strikes++) {
            assertThat(backoff.delayMs(strikes)).isEqualTo(30_000);
        }
        assertThat(new Backoff(1, Long.MAX_VALUE, 0).delayMs(Integer.MAX_VALUE)).isPositive();
    }

    @Test
    void a_wait_of_nothing_is_refused() {
        assertThatThrownBy(() -> new Backoff(0, 10, 0)).hasMessageContaining("1 <= first <= max");
    }
}
