package io.tailrace.search.drive;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RefreshPaceTest {
    private static final long MS = 1_000_000;

    /** The clock may begin anywhere, below zero too. */
    private static final long START = -100 * MS;

    private final RefreshPace pace = new RefreshPace(Duration.ofMillis(250), START);

    @Test
    void theFirstIsDueAtOnce() {
        assertThat(pace.untilNext(START)).isZero();
    }

    @Test
    void cheapOnesComeAsOftenAsIsWanted() {
        pace.refreshed(START, START + 10 * MS);

        assertThat(pace.untilNext(START + 10 * MS)).hasMillis(240);
        assertThat(pace.untilNext(START + 249 * MS)).hasMillis(1);
        assertThat(pace.untilNext(START + 250 * MS)).isZero();
        assertThat(pace.untilNext(START + 999 * MS)).isZero();
    }

    @Test
    void slowOnesTakeHalfOfTheTime() {
        pace.refreshed(START, START + 300 * MS);

        assertThat(pace.untilNext(START + 300 * MS)).hasMillis(300);
        assertThat(pace.untilNext(START + 600 * MS)).isZero();
    }

    @Test
    void oneThatWasStuckIsNotPaidForWithMinutes() {
        pace.refreshed(START, START + 60_000 * MS);

        assertThat(pace.untilNext(START + 60_000 * MS)).hasMillis(500);
    }
}
