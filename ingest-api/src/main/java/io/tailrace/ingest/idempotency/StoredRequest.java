package io.tailrace.ingest.idempotency;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import io.micronaut.data.annotation.MappedProperty;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key as PostgreSQL holds it.
 *
 * @param subject the caller
 * @param key the caller's key
 * @param requestHash what was asked
 * @param state {@code pending} or {@code done}
 * @param status the answer's status, once done
 * @param body while pending the seed of the request's {@link Stamp}; then the answer's body, if it has one
 * @param owner while pending the number of the {@link OwnerLock} of the process that makes the request, if it had it. It is in
 *     the column {@code headers}, which was made for the headers of answers; none are kept
 * @param createdAt when the first attempt began
 * @param expiresAt while pending when the lease ends; then when the answer is forgotten
 */
@MappedEntity("idempotency_keys")
record StoredRequest(
        String subject,
        @Id String key,
        byte[] requestHash,
        String state,
        @Nullable Integer status,
        @Nullable String body,
        @MappedProperty("headers") @Nullable String owner,
        Instant createdAt,
        Instant expiresAt) {
    boolean isDone() {
        return state.equals("done");
    }
}
