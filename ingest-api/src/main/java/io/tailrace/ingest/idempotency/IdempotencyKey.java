package io.tailrace.ingest.idempotency;

import io.tailrace.contracts.identity.Sha256;
import io.tailrace.kit.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * What makes two requests the same one: who sends it, the key that they chose, and the hash of what is asked.
 *
 * @param subject whose keys these are: the same key of somebody else is another one
 * @param key the value of the header {@code Idempotency-Key}
 * @param requestHash SHA-256 of method, path and body
 */
record IdempotencyKey(String subject, String key, byte[] requestHash) {
    /**
     * The key of a request, or null if it has none.
     *
     * @param subject whose keys these are
     * @param body what the body means; two that mean the same hash to the same
     */
    static @Nullable IdempotencyKey of(WriteRequest request, String subject, @Nullable Object body) {
        String key = request.key();
        return key == null ? null : new IdempotencyKey(subject, key, hash(request, body));
    }

    private static byte[] hash(WriteRequest request, @Nullable Object body) {
        MessageDigest sha256 = Sha256.digest();
        sha256.update((request.method() + "\n" + request.path() + "\n").getBytes(StandardCharsets.UTF_8));
        return sha256.digest(
                switch (body) {
                    case null -> new byte[0];
                    case byte[] bytes -> bytes;
                    default -> Json.write(body);
                });
    }
}
