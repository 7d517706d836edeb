package io.tailrace.ingest.idempotency;

import io.micronaut.scheduling.annotation.Scheduled;
import io.tailrace.ingest.log.Earlier;
import io.tailrace.ingest.sql.Database;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.problem.ProblemException;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reserves keys and keeps answers. Thread-safe; blocks on PostgreSQL. */
@Singleton
class IdempotencyKeys {
    private static final Logger LOG = LoggerFactory.getLogger(IdempotencyKeys.class);
    private static final int ATTEMPTS = 3;
    private static final int SWEEP_BATCH = 5_000;

    private final IdempotencyRows rows;
    private final Database database;
    private final OwnerLock owners;
    private final long leaseMs;
    private final long retentionMs;
    private final long deadAfterMs;

    IdempotencyKeys(IdempotencyRows rows, Database database, OwnerLock owners, IdempotencySettings settings) {
        this.rows = rows;
        this.database = database;
        this.owners = owners;
        this.deadAfterMs = settings.deadAfter().toMillis();
        this.leaseMs = settings.lease().toMillis();
        this.retentionMs = settings.retention().toMillis();
    }

    /**
     * Asks for a key. If another process had it that seems to be dead, this waits {@link IdempotencySettings#deadAfter()} to be
     * sure.
     *
     * @param fresh what the request is to make if it is the first
     * @throws ProblemException 503 if PostgreSQL is away
     */
    KeyClaim reserve(IdempotencyKey key, Stamp fresh) {
        return database.call(() -> {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                if (rows.take(
                                key.subject(),
                                key.key(),
                                key.requestHash(),
                                fresh.seed().toString(),
                                owner(),
                                leaseMs)
                        == 1) {
                    return new KeyClaim.First(fresh);
                }
                Optional<StoredRequest> stored = rows.find(key.subject(), key.key());
                if (stored.isPresent() && rows.forgetExpired(key.subject(), key.key(), retentionMs) == 0) {
                    return judge(key, stored.get());
                }
            }
            return new KeyClaim.Running();
        });
    }

    private KeyClaim judge(IdempotencyKey key, StoredRequest stored) {
        if (!Arrays.equals(key.requestHash(), stored.requestHash())) {
            return new KeyClaim.OtherRequest();
        }
        if (stored.isDone()) {
            return new KeyClaim.Answered(stored.status() == null ? 200 : stored.status(), stored.body());
        }
        String seed = stored.body();
        if (seed == null || !takesOver(key, stored)) {
            return new KeyClaim.Running();
        }
        // The stamp has the clock of the process that dated the first attempt's records.
        Stamp stamp = new Stamp(UUID.fromString(seed));
        return new KeyClaim.Again(stamp, new Earlier(stamp.time(), stored.expiresAt()));
    }

    private boolean takesOver(IdempotencyKey key, StoredRequest stored) {
        return rows.isOver(stored.expiresAt())
                ? rows.takeOver(key.subject(), key.key(), stored.expiresAt(), owner(), leaseMs, retentionMs) == 1
                : stored.owner() != null && takesOverFromDead(key, stored, Long.parseLong(stored.owner()));
    }

    private boolean takesOverFromDead(IdempotencyKey key, StoredRequest stored, long dead) {
        Long own = owners.owner();
        if (own != null && own == dead || !rows.isDead(dead)) {
            return false;
        }
        // Its connection alone may have broken: then it has another one by the time of the second look.
        long untilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(deadAfterMs);
        for (long leftNs = untilNs - System.nanoTime(); leftNs > 0; leftNs = untilNs - System.nanoTime()) {
            if (Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(leftNs);
        }
        return rows.takeOverFromDead(
                        key.subject(), key.key(), stored.expiresAt(), dead, owner(), leaseMs, retentionMs, deadAfterMs)
                == 1;
    }

    private @Nullable String owner() {
        Long own = owners.owner();
        return own == null ? null : own.toString();
    }

    /** Stores an answer in the transaction of the caller. */
    void complete(IdempotencyKey key, WriteAnswer<?> answer) {
        // Another attempt may have stored it: then it is the same.
        var unused = rows.complete(key.subject(), key.key(), answer.status().getCode(), text(answer), retentionMs);
    }

    /** Stores an answer after the effect. If that fails, a retry finds the effect in the log. */
    void completeSoon(IdempotencyKey key, WriteAnswer<?> answer) {
        tryTo(
                "store an answer",
                () -> rows.completeSoon(
                        key.subject(), key.key(), answer.status().getCode(), text(answer), retentionMs));
    }

    /** Lets a retry take over at once. If that fails, it may when the lease is over. */
    void release(IdempotencyKey key) {
        tryTo("release a key", () -> rows.release(key.subject(), key.key()));
    }

    /** Forgets a request that had no effect. */
    void forget(IdempotencyKey key) {
        tryTo("forget a key", () -> rows.forget(key.subject(), key.key()));
    }

    @Scheduled(fixedDelay = "${tailrace.idempotency.sweep-interval:10m}", initialDelay = "1m")
    void sweep() {
        tryTo("sweep keys", () -> {
            int deleted;
            do {
                deleted = rows.sweep(retentionMs, SWEEP_BATCH);
            } while (deleted == SWEEP_BATCH);
            return deleted;
        });
    }

    private void tryTo(String what, Supplier<Integer> statement) {
        try {
            var unused = database.call(statement);
        } catch (RuntimeException e) {
            LOG.warn("Could not {}: {}", what, e.toString());
        }
    }

    private static @Nullable String text(WriteAnswer<?> answer) {
        Object body = answer.body();
        return body == null ? null : new String(Json.write(body), StandardCharsets.UTF_8);
    }
}
