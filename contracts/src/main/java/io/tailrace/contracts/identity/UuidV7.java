package io.tailrace.contracts.identity;

import java.time.InstantSource;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Makes time-ordered identifiers: UUID version 7 (RFC 9562, section 5.7).
 *
 * <p>Identifiers of one generator are strictly increasing, also within one millisecond and when the clock steps
 * back: the 12 bits after the timestamp are a counter (RFC 9562, section 6.2, method 1). Thread-safe.
 */
public final class UuidV7 {
    private static final int COUNTER_LIMIT = 1 << 12;

    private final InstantSource clock;
    private final RandomGenerator random;
    private long lastMs;
    private int counter;

    /**
     * A generator over a clock and a source of randomness.
     *
     * @param clock gives the 48-bit millisecond timestamp
     * @param random fills the 62 random bits; for ids that must not be guessed pass a {@link java.security.SecureRandom}
     */
    public UuidV7(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** The next identifier, greater than every one that this generator gave before. */
    public synchronized UUID next() {
        long nowMs = clock.millis();
        if (nowMs > lastMs) {
            lastMs = nowMs;
            counter = random.nextInt(COUNTER_LIMIT / 2);
        } else if (++counter == COUNTER_LIMIT) {
            lastMs++;
            counter = 0;
        }
        long high = lastMs << 16 | 0x7000L | counter;
        long low = random.nextLong() >>> 2 | 0x8000_0000_0000_0000L;
        return new UUID(high, low);
    }
}
