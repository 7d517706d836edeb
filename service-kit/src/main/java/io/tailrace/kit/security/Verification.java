package io.tailrace.kit.security;

import io.tailrace.contracts.access.Grants;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a token turned out to be. */
public sealed interface Verification {
    /**
     * A token to be trusted until it expires.
     *
     * @param grants what it says about its bearer; the subject is not null
     * @param expiresAt when it ends
     * @param tokenId its {@code jti}, or null
     */
    record Valid(Grants grants, Instant expiresAt, @Nullable String tokenId) implements Verification {}

    /**
     * A token that says nothing about anybody.
     *
     * @param reason what is wrong with it
     */
    record Invalid(Reason reason) implements Verification {}

    /** What can be wrong with a token. */
    enum Reason {
        /** Not a JWT, or larger than allowed. */
        MALFORMED("the token is malformed"),
        /** {@code alg: none}. */
        UNSIGNED("the token is not signed"),
        /** Neither RS256 nor ES256, or not the algorithm of the key that it names. */
        UNSUPPORTED_ALGORITHM("the token's algorithm is not supported"),
        /** No key of that id is known. */
        UNKNOWN_KEY("the token's key is unknown"),
        /** The signature is not of that key. */
        BAD_SIGNATURE("the token's signature is wrong"),
        /** {@code exp} has passed. */
        EXPIRED("the token has expired"),
        /** {@code nbf} has not come. */
        NOT_YET_VALID("the token is not valid yet"),
        /** {@code iss} is not ours. */
        WRONG_ISSUER("the token is from another issuer"),
        /** A claim is missing or of the wrong form. */
        BAD_CLAIMS("the token's claims are not valid"),
        /** Its bearer was erased. */
        ERASED("the token's bearer is no longer there"),
        /** No such API key: it never was one, or it was revoked. */
        UNKNOWN_API_KEY("the API key is unknown, or was revoked"),
        /** No keys could be read so far: the fault is on this side (503), not the token's. */
        KEYS_UNAVAILABLE("the keys to verify tokens are not available");

        private final String description;

        Reason(String description) {
            this.description = description;
        }

        /** The reason in words that may be shown to the bearer. */
        public String description() {
            return description;
        }
    }
}
