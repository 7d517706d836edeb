package io.tailrace.ingest.erasure;

import io.micronaut.core.annotation.Introspected;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far an erasure is.
 *
 * @param id its id
 * @param state {@code running}: the facts and their copies go; {@code compacting}: nobody can read anything any more, and the
 *     log has yet to forget what it holds behind tombstones; {@code done}
 * @param requestedAt when it was asked for
 * @param finishedAt when it was done; null before
 */
@Introspected
record ErasureView(UUID id, String state, Instant requestedAt, @Nullable Instant finishedAt) {
    static ErasureView of(Erasure erasure) {
        return new ErasureView(erasure.id(), erasure.state(), erasure.requestedAt(), erasure.finishedAt());
    }
}
