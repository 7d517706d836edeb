package io.tailrace.ingest.idempotency;

import io.tailrace.contracts.identity.Sha256;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.UUID;

/**
 * The ids and the time of what a request makes, all derived from one UUIDv7: whoever knows the seed, also after the
 * process that drew it has died, makes the very same events. Immutable.
 *
 * @param seed a UUIDv7
 */
public record Stamp(UUID seed) {
    private static final long VERSION = 0x7000L;
    private static final int COUNTER_BITS = 12;

    /** Checks the version. */
    public Stamp {
        if (seed.version() != 7) {
            throw new IllegalArgumentException("seed " + seed + ", expected a UUIDv7");
        }
    }

    /** The time of the request, to the millisecond. */
    public Instant time() {
        return Instant.ofEpochMilli(seed.getMostSignificantBits() >>> 16);
    }

    /** The first id; the seed itself. */
    public UUID id() {
        return seed;
    }

    /**
     * The id at {@code index}: a UUIDv7 that is greater than those before it. The 62 random bits are the seed's, hashed
     * with the index.
     */
    public UUID id(int index) {
        if (index == 0) {
            return seed;
        }
        long high = seed.getMostSignificantBits();
        // Milliseconds and counter as one number, so that a full counter carries over.
        long ticks = ((high >>> 16) << COUNTER_BITS | (high & 0xfff)) + index;
        long newHigh = (ticks >>> COUNTER_BITS) << 16 | VERSION | (ticks & 0xfff);
        return new UUID(newHigh, random(index) >>> 2 | 0x8000_0000_0000_0000L);
    }

    private long random(int index) {
        byte[] input = ByteBuffer.allocate(20)
                .putLong(seed.getMostSignificantBits())
                .putLong(seed.getLeastSignificantBits())
                .putInt(index)
                .array();
        return ByteBuffer.wrap(Sha256.of(input)).getLong();
    }
}
