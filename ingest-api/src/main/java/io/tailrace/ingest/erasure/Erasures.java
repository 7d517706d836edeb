package io.tailrace.ingest.erasure;

import io.tailrace.ingest.account.Accounts;
import io.tailrace.ingest.attempt.SignInAttempts;
import io.tailrace.ingest.idempotency.Stamps;
import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Takes requests to be erased. The account goes in the transaction that notes the request, so nobody can sign in after the
 * answer, and whoever dies afterwards, the erasure goes on. Thread-safe; blocks.
 */
@Singleton
final class Erasures {
    private final Accounts accounts;
    private final SignInAttempts attempts;
    private final ErasureRows rows;
    private final Database database;
    private final Stamps stamps;

    Erasures(Accounts accounts, SignInAttempts attempts, ErasureRows rows, Database database, Stamps stamps) {
        this.accounts = accounts;
        this.attempts = attempts;
        this.rows = rows;
        this.database = database;
        this.stamps = stamps;
    }

    /**
     * Erases somebody who knows their password.
     *
     * @param from the client's address
     * @throws ProblemException 401 if the password is wrong, 404 if there is no such account, 429 after too many wrong ones
     */
    ErasureView request(UUID user, String password, String from) {
        String address = accounts.address(user)
                .orElseThrow(() -> new ProblemException(ProblemType.NOT_FOUND, "You have no account"));
        Supplier<Boolean> confirmed = () -> {
            if (accounts.authenticate(address, password)
                    .filter(person -> person.id().equals(user))
                    .isEmpty()) {
                throw new ProblemException(ProblemType.UNAUTHORIZED, "The password is wrong");
            }
            return true;
        };
        var unused = attempts.make(address, from, confirmed);
        return begin(user);
    }

    /** Erases somebody, whether there is an account or not. */
    ErasureView begin(UUID user) {
        return database.inTransaction(() -> {
            UUID erasure = rows.request(user, stamps.id());
            return ErasureView.of(rows.findById(erasure).orElseThrow());
        });
    }

    /** How far one is. */
    Optional<ErasureView> find(UUID id) {
        return database.call(() -> rows.findById(id).map(ErasureView::of));
    }
}
