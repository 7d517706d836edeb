package io.tailrace.ingest.upload;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An upload that is still arriving, as its state in the file store says. Immutable.
 *
 * @param id its id, also that of the upload that it becomes
 * @param ownerId whose it is
 * @param name the file's name, made safe
 * @param declaredType the media type that the client said; null if it said none
 * @param metadata what the client said of the file, as it said it; null if it said nothing
 * @param length how many bytes the file will have
 * @param offset how many of them have arrived and stay, whatever happens
 * @param expiresAt when it is given up
 */
record Resumable(
        UUID id,
        UUID ownerId,
        String name,
        @Nullable String declaredType,
        @Nullable String metadata,
        long length,
        long offset,
        Instant expiresAt) {
    Resumable at(long newOffset) {
        return new Resumable(id, ownerId, name, declaredType, metadata, length, newOffset, expiresAt);
    }

    /** Whether it is given up. One that has all its bytes is not. */
    boolean expired(Instant now) {
        return !hasAll() && !expiresAt.isAfter(now);
    }

    /** Whether all bytes are there. */
    boolean hasAll() {
        return offset == length;
    }
}
