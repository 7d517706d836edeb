package io.tailrace.ingest.token;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A refresh token as PostgreSQL holds it: not the token itself, so that who reads the table cannot sign in with it.
 *
 * @param tokenHash SHA-256 of the token
 * @param family all tokens that descend from one login
 * @param accountId whose it is
 * @param issuedAt when it was made
 * @param expiresAt when it can no longer be used
 * @param usedAt when it was used, or null
 * @param successorSalt in hex, what its successor can be made of again; null unless it was used, and after the grace
 */
@MappedEntity("refresh_tokens")
record RefreshToken(
        @Id byte[] tokenHash,
        UUID family,
        UUID accountId,
        Instant issuedAt,
        Instant expiresAt,
        @Nullable Instant usedAt,
        @Nullable String successorSalt) {}
