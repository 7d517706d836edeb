package io.tailrace.dispatcher.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Full jitter: a wait is anything from nothing to its bound, and which one follows from the job and its attempt. */
class JitterTest {
    private static final int BINS = 10;
    private static final int WAITS = 20_000;
    private static final long BOUND_MS = 60_000;

    private final RandomGenerator random = RandomGenerator.getDefault();

    @Test
    void waits_are_spread_evenly_from_nothing_to_their_bound() {
        int[] bins = new int[BINS];
        for (int i = 0; i < WAITS; i++) {
            long waitMs = Jitter.EVEN.waitMs(UUID.randomUUID(), 1 + i % 5, BOUND_MS);
            assertThat(waitMs).isBetween(0L, BOUND_MS);
            bins[(int) Math.min(BINS - 1, waitMs * BINS / BOUND_MS)]++;
        }
        // 2,000 are expected in each; its standard deviation is 42, and this is more than eight of them.
        assertThat(IntStream.of(bins).boxed()).allMatch(count -> count > 1_640 && count < 2_360);
    }

    @Test
    void also_for_jobs_with_ids_that_follow_one_another_and_for_the_attempts_of_one_job() {
        long first = random.nextLong();
        assertSpread(IntStream.range(0, WAITS)
                .mapToLong(i -> Jitter.EVEN.waitMs(new UUID(first, i), 1, BOUND_MS))
                .toArray());
        UUID job = UUID.randomUUID();
        assertSpread(IntStream.range(0, WAITS)
                .mapToLong(attempt -> Jitter.EVEN.waitMs(job, attempt, BOUND_MS))
                .toArray());
    }

    @Test
    void the_same_attempt_waits_the_same_whenever_the_log_is_read() {
        UUID job = new UUID(7, 11);
        assertThat(Jitter.EVEN.waitMs(job, 3, BOUND_MS)).isEqualTo(Jitter.EVEN.waitMs(job, 3, BOUND_MS));
        assertThat(IntStream.range(0, 10)
                        .mapToLong(attempt -> Jitter.EVEN.waitMs(job, attempt, BOUND_MS))
                        .distinct()
                        .count())
                .isGreaterThan(7);
        assertThat(Jitter.EVEN.waitMs(job, 3, 0)).isZero();
    }

    private static void assertSpread(long[] waitsMs) {
        int[] bins = new int[BINS];
        for (long waitMs : waitsMs) {
            bins[(int) Math.min(BINS - 1, waitMs * BINS / BOUND_MS)]++;
        }
        assertThat(IntStream.of(bins).boxed()).allMatch(count -> count > 1_640 && count < 2_360);
    }
}
