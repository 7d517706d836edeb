package io.tailrace.contracts.seat;

import io.tailrace.contracts.identity.DerivedId;
import java.util.UUID;

/**
 * The ids of commands that came with an idempotency key. They are computed and not stored, so that every retry gets the
 * same id on any node, and the log alone knows what was decided under it. Pure.
 *
 * <p>An id is a UUIDv7 in form: its first 48 bits are those of the show or reservation that the command is about, and its
 * 74 random bits are of SHA-256 over person, action, target and key. The hash keeps apart what differs in any of them.
 */
public final class CommandIds {
    private CommandIds() {}

    /**
     * The id of a hold, which is also the reservation's.
     *
     * @param subject who asks; without NUL
     * @param key the idempotency key, any text
     */
    public static UUID hold(String subject, UUID showId, String key) {
        return DerivedId.of(subject, "hold", showId, key);
    }

    /** The id of a confirmation; parameters as for {@link #hold}. */
    public static UUID confirm(String subject, UUID reservationId, String key) {
        return DerivedId.of(subject, "confirm", reservationId, key);
    }

    /** The id of a release; parameters as for {@link #hold}. */
    public static UUID release(String subject, UUID reservationId, String key) {
        return DerivedId.of(subject, "release", reservationId, key);
    }
}
