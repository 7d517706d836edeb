package io.tailrace.ingest.token;

import io.micronaut.core.annotation.Introspected;

/**
 * The answer to signing in (RFC 6749, section 5.1).
 *
 * @param accessToken the JWT
 * @param tokenType {@code Bearer}
 * @param expiresIn how long the access token holds, in seconds
 * @param refreshToken what gets the next pair; works once
 */
@Introspected
record Tokens(String accessToken, String tokenType, long expiresIn, String refreshToken) {
    @Override
    public String toString() {
        return "Tokens[]";
    }
}
