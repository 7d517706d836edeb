package io.tailrace.contracts.seat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;

/**
 * The ids of commands that came with an idempotency key. They are computed and not stored, so that every retry gets the
 * same id on any node, and the log alone knows what was decided under it. Pure.
 *
 * <p>An id is a UUIDv7 in form: its first 48 bits are those of the show or reservation that the command is about, and its
 * 74 random bits are of SHA-256 over person, action, target and key. The hash keeps apart what differs in any of them.
 */
public final class CommandIds {
    private static final long TIME_MASK = 0xffff_ffff_ffff_0000L;
    private static final long VERSION_7 = 0x7000L;
    private static final long RAND_A_MASK = 0x0fffL;
    private static final long VARIANT_2 = 0x8000_0000_0000_0000L;
    private static final char SEPARATOR = 0;

    private CommandIds() {}

    /**
     * The id of a hold, which is also the reservation's.
     *
     * @param subject who asks; without NUL
     * @param key the idempotency key, any text
     */
    public static UUID hold(String subject, UUID showId, String key) {
        return derived(subject, "hold", showId, key);
    }

    /** The id of a confirmation; parameters as for {@link #hold}. */
    public static UUID confirm(String subject, UUID reservationId, String key) {
        return derived(subject, "confirm", reservationId, key);
    }

    /** The id of a release; parameters as for {@link #hold}. */
    public static UUID release(String subject, UUID reservationId, String key) {
        return derived(subject, "release", reservationId, key);
    }

    private static UUID derived(String subject, String action, UUID target, String key) {
        if (subject.indexOf(SEPARATOR) >= 0) {
            // The key is the last part and may have one; here it would let one person's ids be another's.
            throw new IllegalArgumentException("subject: has a NUL character, expected none");
        }
        String text = subject + SEPARATOR + action + SEPARATOR + target + SEPARATOR + key;
        ByteBuffer hash = ByteBuffer.wrap(sha256(text));
        long high = target.getMostSignificantBits() & TIME_MASK | VERSION_7 | hash.getLong() & RAND_A_MASK;
        long low = hash.getLong() >>> 2 | VARIANT_2;
        return new UUID(high, low);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
