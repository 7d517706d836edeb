package io.tailrace.systemtests.fuzz.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request as it should be. Immutable as long as nobody changes its body.
 *
 * @param name for reports
 * @param method its method
 * @param path its path and query
 * @param token the bearer's, or null for none
 * @param headers further ones
 * @param body JSON, or null for none
 * @param guarded whether it must be refused without a valid token
 */
public record Template(
        String name,
        String method,
        String path,
        @Nullable String token,
        Map<String, String> headers,
        @Nullable JsonNode body,
        boolean guarded) {
    /** Copies the headers. */
    public Template {
        headers = Map.copyOf(headers);
    }
}
