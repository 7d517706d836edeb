package io.tailrace.ingest.token;

import io.micronaut.scheduling.annotation.Scheduled;
import io.tailrace.ingest.account.Accounts;
import io.tailrace.ingest.account.Accounts.SignedIn;
import io.tailrace.ingest.idempotency.Stamps;
import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signing in, staying signed in, and signing out. A refresh token works once (RFC 9700, section 4.14.2): its use gives a
 * new pair and a second use ends the whole family, because one of the two users is a thief. Thread-safe; blocks.
 */
@Singleton
class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final int TOKEN_BYTES = 32;
    private static final int SWEEP_BATCH = 5_000;

    private final Accounts accounts;
    private final AccessTokens accessTokens;
    private final RefreshTokenRows rows;
    private final Database database;
    private final Stamps stamps;
    private final Duration refreshTtl;
    private final SecureRandom random = new SecureRandom();

    Sessions(
            Accounts accounts,
            AccessTokens accessTokens,
            RefreshTokenRows rows,
            Database database,
            Stamps stamps,
            SessionSettings settings) {
        this.accounts = accounts;
        this.accessTokens = accessTokens;
        this.rows = rows;
        this.database = database;
        this.stamps = stamps;
        this.refreshTtl = settings.refreshTtl();
    }

    /**
     * Signs somebody in.
     *
     * @throws ProblemException 401, saying nothing about which of the two was wrong
     */
    Tokens login(String email, String password) {
        SignedIn person = accounts.authenticate(email, password)
                .orElseThrow(() -> new ProblemException(
                        ProblemType.UNAUTHORIZED, "No account has this email address and password."));
        return database.inTransaction(() -> issue(person, stamps.id()));
    }

    /**
     * The next pair for a refresh token.
     *
     * @throws ProblemException 401 if it cannot be used; if it was used before, its family has ended then
     */
    Tokens refresh(String refreshToken) {
        byte[] hash = sha256(refreshToken);
        // The end of a family must be stored although the answer is a refusal, so the refusal is a value in here.
        return database.inTransaction(() -> next(hash))
                .orElseThrow(() -> new ProblemException(
                        ProblemType.UNAUTHORIZED, "The refresh token cannot be used, sign in again."));
    }

    private Optional<Tokens> next(byte[] hash) {
        Optional<RefreshToken> stored = rows.lock(hash);
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        RefreshToken token = stored.get();
        if (rows.use(hash) == 0) {
            if (token.usedAt() != null && rows.revoke(token.family()) == 1) {
                LOG.warn("A refresh token of account {} was used twice: its family has ended", token.accountId());
            }
            return Optional.empty();
        }
        return accounts.find(token.accountId()).map(person -> issue(person, token.family()));
    }

    /** Ends the family of a refresh token; an unknown one has none. */
    void logout(String refreshToken) {
        byte[] hash = sha256(refreshToken);
        var unused = database.inTransaction(() -> rows.lock(hash).map(token -> rows.revoke(token.family())));
    }

    /** Deletes what can no longer be used. */
    @Scheduled(fixedDelay = "${tailrace.sessions.sweep-interval:1h}", initialDelay = "1m")
    void sweep() {
        try {
            int deleted;
            do {
                deleted = database.call(() -> rows.sweepTokens(SWEEP_BATCH));
            } while (deleted == SWEEP_BATCH);
            var unused = database.call(() -> rows.sweepFamilies(SWEEP_BATCH));
        } catch (RuntimeException e) {
            LOG.warn("Could not sweep refresh tokens: {}", e.toString());
        }
    }

    private Tokens issue(SignedIn person, UUID family) {
        byte[] secret = new byte[TOKEN_BYTES];
        random.nextBytes(secret);
        String refreshToken = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        rows.insert(sha256(refreshToken), family, person.id(), refreshTtl.toMillis());
        return new Tokens(
                accessTokens.issue(person, Instant.now()),
                "Bearer",
                accessTokens.ttl().toSeconds(),
                refreshToken);
    }

    private static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
