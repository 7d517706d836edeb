package io.tailrace.kit.security;

import io.micronaut.http.HttpRequest;
import io.tailrace.contracts.access.Grants;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who is calling; an argument that any controller method may have. Where anonymous callers are let in, it may be one:
 * then its grants are {@link Grants#ANONYMOUS}.
 *
 * @param grants what the token says
 * @param expiresAt when the token ends; null for an anonymous caller
 * @param tokenId the token's {@code jti}, or null
 */
public record Caller(Grants grants, @Nullable Instant expiresAt, @Nullable String tokenId) {
    /** What the {@code tokenId} of a key's bearer begins with. No JWT has such a {@code jti} that it would gain by. */
    public static final String API_KEY = "api-key:";

    private static final int UUID_LENGTH = 36;

    /** Somebody without a valid token. */
    public static final Caller ANONYMOUS = new Caller(Grants.ANONYMOUS, null, null);

    /** The bearer of a valid token. */
    public static Caller of(Verification.Valid token) {
        return new Caller(token.grants(), token.expiresAt(), token.tokenId());
    }

    /** Who sends a request; known once the security filter has seen it. */
    public static Caller of(HttpRequest<?> request) {
        return RequestTokenValidator.verification(request)
                .filter(Verification.Valid.class::isInstance)
                .map(valid -> of((Verification.Valid) valid))
                .orElse(ANONYMOUS);
    }

    /** Whether there is no valid token. */
    public boolean isAnonymous() {
        return grants.subject() == null;
    }

    /**
     * The caller's id.
     *
     * @throws ProblemException 401 if the caller is anonymous
     */
    public String subject() {
        String subject = grants.subject();
        if (subject == null) {
            throw new ProblemException(ProblemType.UNAUTHORIZED, null);
        }
        return subject;
    }

    /**
     * The id of the caller's account.
     *
     * @throws ProblemException 401 if the caller is anonymous, 403 if the token is of something that has no account
     */
    public UUID userId() {
        return accountId(subject())
                .orElseThrow(() ->
                        new ProblemException(ProblemType.FORBIDDEN, "This needs the token of a user with an account."));
    }

    /**
     * The id of the account that a subject stands for. Only accounts have UUIDs as their ids, in the form of RFC 9562,
     * section 4; other subjects are services.
     */
    public static Optional<UUID> accountId(String subject) {
        // Asked with each write of a service: what is obviously no UUID does not cost an exception.
        if (subject.length() != UUID_LENGTH) {
            return Optional.empty();
        }
        try {
            UUID id = UUID.fromString(subject);
            return id.toString().equals(subject) ? Optional.of(id) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** By what API key the caller is known; null if by a token or not at all. */
    public @Nullable String apiKey() {
        return tokenId != null && tokenId.startsWith(API_KEY) ? tokenId : null;
    }

    /** Whether the token names a role. */
    public boolean hasRole(String role) {
        return grants.roles().contains(role);
    }
}
