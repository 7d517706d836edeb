package io.tailrace.ingest.token;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micronaut.scheduling.annotation.Scheduled;
import io.tailrace.ingest.account.Accounts;
import io.tailrace.ingest.account.Accounts.SignedIn;
import io.tailrace.ingest.idempotency.Stamps;
import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signing in, staying signed in, and signing out. A refresh token works once (RFC 9700, section 4.14.2): its use gives a
 * new pair, and a second use ends the whole family, because one of the two users is a thief. Within the grace a second use
 * gives the same successor instead: two tabs of one person, or an answer that was lost, are no theft. Thread-safe; blocks.
 */
@Singleton
class Sessions {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final int SWEEP_BATCH = 5_000;

    private final Accounts accounts;
    private final AccessTokens accessTokens;
    private final RefreshTokenRows rows;
    private final Database database;
    private final Stamps stamps;
    private final RefreshSecrets secrets = new RefreshSecrets(new SecureRandom());
    private final Duration refreshTtl;
    private final long graceMs;
    private final Counter again;
    private final Counter reused;

    Sessions(
            Accounts accounts,
            AccessTokens accessTokens,
            RefreshTokenRows rows,
            Database database,
            Stamps stamps,
            SessionSettings settings,
            MeterRegistry meters) {
        this.accounts = accounts;
        this.accessTokens = accessTokens;
        this.rows = rows;
        this.database = database;
        this.stamps = stamps;
        this.refreshTtl = settings.refreshTtl();
        this.graceMs = settings.refreshGrace().toMillis();
        this.again = counter(meters, "again");
        this.reused = counter(meters, "reused");
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
        return database.inTransaction(() -> start(person, stamps.id(), secrets.first()));
    }

    /**
     * The next pair for a refresh token.
     *
     * @throws ProblemException 401 if it cannot be used; if it was used before the grace, its family has ended then
     */
    Tokens refresh(String refreshToken) {
        // The end of a family must be stored although the answer is a refusal, so the refusal is a value in here.
        return database.inTransaction(() -> next(refreshToken))
                .orElseThrow(() -> new ProblemException(
                        ProblemType.UNAUTHORIZED, "The refresh token cannot be used, sign in again."));
    }

    private Optional<Tokens> next(String refreshToken) {
        byte[] hash = RefreshSecrets.hash(refreshToken);
        // The lock puts uses at the same moment, through whichever node, one after the other: the first one makes the
        // successor, the others find its salt.
        Optional<RefreshToken> stored = rows.lock(hash);
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        RefreshToken token = stored.get();
        String salt = secrets.salt();
        if (rows.use(hash, graceMs > 0 ? salt : null) == 1) {
            return accounts.find(token.accountId())
                    .map(person -> start(person, token.family(), RefreshSecrets.successor(refreshToken, salt)));
        }
        if (token.usedAt() == null) {
            return Optional.empty();
        }
        String known =
                rows.usedWithin(hash, graceMs).map(RefreshToken::successorSalt).orElse(null);
        if (known != null) {
            again.increment();
            return accounts.find(token.accountId())
                    .map(person -> tokens(person, RefreshSecrets.successor(refreshToken, known)));
        }
        if (rows.revoke(token.family()) == 1) {
            reused.increment();
            LOG.warn("A refresh token of account {} was used twice: its family has ended", token.accountId());
        }
        return Optional.empty();
    }

    /** Ends the family of a refresh token; an unknown one has none. */
    void logout(String refreshToken) {
        byte[] hash = RefreshSecrets.hash(refreshToken);
        var unused = database.inTransaction(() -> rows.lock(hash).map(token -> rows.revoke(token.family())));
    }

    /**
     * Forgets how successors were made when their grace is over. It is a timer and no schedule of jobs, because a salt that is kept is one that
     * can be stolen, whether jobs run or not; tokens that have expired are of no use, and are deleted by the schedule system/forget-sessions.
     */
    @Scheduled(fixedDelay = "${tailrace.sessions.sweep-interval:1h}", initialDelay = "1m")
    void sweep() {
        try {
            int forgotten;
            do {
                forgotten = database.call(() -> rows.sweepSalts(graceMs, SWEEP_BATCH));
            } while (forgotten == SWEEP_BATCH);
        } catch (RuntimeException e) {
            LOG.warn("Could not forget the salts of refresh tokens: {}", e.toString());
        }
    }

    private Tokens start(SignedIn person, UUID family, String refreshToken) {
        rows.insert(RefreshSecrets.hash(refreshToken), family, person.id(), refreshTtl.toMillis());
        return tokens(person, refreshToken);
    }

    private static Counter counter(MeterRegistry meters, String outcome) {
        return Counter.builder("tailrace.sessions.second.uses")
                .description(
                        "Refresh tokens that were used again: within the grace, and after it, which ended a family")
                .tag("outcome", outcome)
                .register(meters);
    }

    private Tokens tokens(SignedIn person, String refreshToken) {
        return new Tokens(
                accessTokens.issue(person, Instant.now()),
                "Bearer",
                accessTokens.ttl().toSeconds(),
                refreshToken);
    }
}
