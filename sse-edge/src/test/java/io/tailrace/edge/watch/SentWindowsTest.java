package io.tailrace.edge.watch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SentWindowsTest {
    @Test
    void eachWindowIsHeldAgainstTheSnapshotThatHasToldIt() {
        SentWindows told = SentWindows.none(1_000, 10)
                .until(2_000, 10)
                .until(3_000, 10)
                .until(4_000, 20)
                .all(30);

        assertThat(told.isComplete()).isTrue();
        assertThat(told.steps()).hasSize(3);
        assertThat(told.has(0, 10)).isTrue();
        assertThat(told.has(2_999, 11)).isFalse();
        assertThat(told.has(3_000, 20)).isTrue();
        assertThat(told.has(3_000, 21)).isFalse();
        assertThat(told.has(4_000, 30)).isTrue();
        assertThat(told.after(29)).isEqualTo(told);
        assertThat(told.after(30)).isEqualTo(SentWindows.NONE);
    }

    @Test
    void anIncompleteHistoryIsNotForgotten() {
        SentWindows told = SentWindows.none(1_000, 10).until(2_000, 10);

        assertThat(told.after(100)).isEqualTo(told);
        assertThat(told.nextMs()).isEqualTo(2_000);
        assertThat(told.has(5_000, 5)).isFalse();
    }

    @Test
    void ofManyStepsTheOldestAreTakenTogetherAsTheEarlierOne() {
        SentWindows told = SentWindows.none(0, 0);
        for (int i = 1; i <= 2 * SentWindows.MAX_STEPS; i++) {
            told = told.until(i * 1_000L, i);
        }

        assertThat(told.steps()).hasSize(SentWindows.MAX_STEPS);
        assertThat(told.has(500, 1)).isFalse();
        assertThat(told.has(2 * SentWindows.MAX_STEPS * 1_000L - 1, 2L * SentWindows.MAX_STEPS))
                .isTrue();
    }
}
