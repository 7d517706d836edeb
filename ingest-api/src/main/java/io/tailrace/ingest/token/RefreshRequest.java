package io.tailrace.ingest.token;

import io.micronaut.core.annotation.Introspected;
import io.tailrace.kit.problem.ProblemException;
import org.jspecify.annotations.Nullable;

/**
 * A request for the next pair of tokens, or to end their family.
 *
 * @param refreshToken the token
 */
@Introspected
record RefreshRequest(@Nullable String refreshToken) {
    private static final int MAX_LENGTH = 1024;

    /** The token; 400 if there is none. */
    String checked() {
        if (refreshToken == null || refreshToken.isEmpty() || refreshToken.length() > MAX_LENGTH) {
            throw ProblemException.invalid("refresh_token", "expected 1 to " + MAX_LENGTH + " characters");
        }
        return refreshToken;
    }

    @Override
    public String toString() {
        return "RefreshRequest[]";
    }
}
