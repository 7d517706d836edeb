package io.tailrace.ingest.idempotency;

import io.micronaut.http.HttpRequest;
import org.jspecify.annotations.Nullable;

/**
 * What a write request asks for, by whatever protocol it came.
 *
 * @param key the idempotency key, checked by {@link KeyHeader}; null if there is none
 * @param method the method of HTTP
 * @param path the path of HTTP
 */
public record WriteRequest(@Nullable String key, String method, String path) {
    /**
     * That of a request of HTTP.
     *
     * @throws io.tailrace.kit.problem.ProblemException 400 if its key is malformed
     */
    static WriteRequest of(HttpRequest<?> request) {
        return new WriteRequest(KeyHeader.of(request), request.getMethodName(), request.getPath());
    }
}
