package io.tailrace.contracts.identity;

import java.nio.ByteBuffer;
import java.util.UUID;

/**
 * Identifiers that are computed, so that every repetition of a request gets the same one on any node. Pure.
 *
 * <p>An id is a UUIDv7 in form; its 74 random bits are of SHA-256 over the parts, which keeps apart what differs in any of them.
 */
public final class DerivedId {
    private static final long TIME_MASK = 0xffff_ffff_ffff_0000L;
    private static final long VERSION_7 = 0x7000L;
    private static final long RAND_A_MASK = 0x0fffL;
    private static final long VARIANT_2 = 0x8000_0000_0000_0000L;
    private static final char SEPARATOR = 0;

    private DerivedId() {}

    /**
     * The id of an action on something, with the first 48 bits of the target's id.
     *
     * @param subject who acts; without NUL
     * @param action without NUL
     * @param key the idempotency key, any text
     */
    public static UUID of(String subject, String action, UUID target, String key) {
        ByteBuffer hash = ByteBuffer.wrap(hash(subject, action, target.toString(), key));
        return id(target.getMostSignificantBits(), hash);
    }

    /**
     * The id of something new, whose 48 bits for a time are of the hash as well and tell no time; parameters as for {@link #of(String,
     * String, UUID, String)}.
     */
    public static UUID of(String subject, String action, String key) {
        ByteBuffer hash = ByteBuffer.wrap(hash(subject, action, "", key));
        return id(hash.getLong(Long.BYTES * 2), hash);
    }

    private static UUID id(long time, ByteBuffer hash) {
        long high = time & TIME_MASK | VERSION_7 | hash.getLong() & RAND_A_MASK;
        long low = hash.getLong() >>> 2 | VARIANT_2;
        return new UUID(high, low);
    }

    private static byte[] hash(String subject, String action, String target, String key) {
        if (subject.indexOf(SEPARATOR) >= 0) {
            // The key is the last part and may have one; here it would let one person's ids be another's.
            throw new IllegalArgumentException("subject: has a NUL character, expected none");
        }
        String text = subject + SEPARATOR + action + SEPARATOR + target + SEPARATOR + key;
        return Sha256.of(text);
    }
}
