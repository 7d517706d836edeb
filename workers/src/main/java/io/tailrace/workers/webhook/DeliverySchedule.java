package io.tailrace.workers.webhook;

import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * When a webhook is tried again: the schedule that Standard Webhooks 1.0 recommends, each wait up to a tenth longer, so that many events
 * that failed together do not come back together. Thread-safe if its random numbers are.
 */
final class DeliverySchedule {
    /** After the first attempt, the second, and so on; the last one for all that follow. */
    static final List<Duration> WAITS = List.of(
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(14),
            Duration.ofHours(20),
            Duration.ofHours(24));

    private final RandomGenerator random;

    DeliverySchedule(RandomGenerator random) {
        this.random = random;
    }

    /**
     * The wait after an attempt.
     *
     * @param attempt which one it was, from 1
     * @param wish what the endpoint asked for at the least
     */
    Duration after(int attempt, Duration wish) {
        Duration usual = WAITS.get(Math.min(attempt, WAITS.size()) - 1);
        Duration wait = usual.plusMillis(random.nextLong(usual.toMillis() / 10 + 1));
        return wait.compareTo(wish) < 0 ? wish : wait;
    }
}
