package io.tailrace.kit.consume;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void doublesUpToTheLongestWaitEachShortenedByUpToAHalf() {
        // given
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), new Random(1));
        long[] fullMs = {100, 200, 400, 800, 1000, 1000};

        for (long full : fullMs) {
            // when
            long waitMs = backoff.nextMs();

            // then
            assertThat(waitMs).isBetween(full / 2, full);
        }
    }

    @Test
    void beginsAgainAfterASuccess() {
        // given
        Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), new Random(1));
        backoff.nextMs();
        backoff.nextMs();

        // when
        backoff.reset();

        // then
        assertThat(backoff.nextMs()).isBetween(50L, 100L);
    }

    @Test
    void refusesWaitsThatMakeNoSense() {
        assertThatThrownBy(() -> new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(1), new Random(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PT2S");
    }
}
