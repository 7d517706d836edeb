package io.tailrace.ingest.idempotency;

import io.micronaut.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a write that had its effect.
 *
 * @param status 2xx
 * @param body what is answered, or null for nothing; written as JSON and, with an idempotency key, kept for a day, so it
 *     holds no secret
 */
public record WriteAnswer<T>(HttpStatus status, @Nullable T body) {
    /** 201. */
    public static <T> WriteAnswer<T> created(T body) {
        return new WriteAnswer<>(HttpStatus.CREATED, body);
    }

    /** 202. */
    public static <T> WriteAnswer<T> accepted(T body) {
        return new WriteAnswer<>(HttpStatus.ACCEPTED, body);
    }

    /** 204. */
    public static <T> WriteAnswer<T> noContent() {
        return new WriteAnswer<>(HttpStatus.NO_CONTENT, null);
    }
}
