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
    private final long leaseMs;
    private final long retentionMs;

    IdempotencyKeys(IdempotencyRows rows, Database database, IdempotencySettings settings) {
        this.rows = rows;
        this.database = database;
        this.leaseMs = settings.lease().toMillis();
        this.retentionMs = settings.retention().toMillis();
    }

    /**
     * Asks for a key.
     *
     * @param fresh what the request is to make if it is the first
     * @throws ProblemException 503 if PostgreSQL is away
     */
    Reservation reserve(IdempotencyKey key, Stamp fresh) {
        return database.call(() -> {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                if (rows.take(
                                key.subject(),
                                key.key(),
                                key.requestHash(),
                                fresh.seed().toString(),
                                leaseMs)
                        == 1) {
                    return new Reservation.First(fresh);
                }
                Optional<StoredRequest> stored = rows.find(key.subject(), key.key());
                if (stored.isPresent() && rows.forgetExpired(key.subject(), key.key(), retentionMs) == 0) {
                    return judge(key, stored.get());
                }
            }
            return new Reservation.Running();
        });
    }

    private Reservation judge(IdempotencyKey key, StoredRequest stored) {
        if (!Arrays.equals(key.requestHash(), stored.requestHash())) {
            return new Reservation.OtherRequest();
        }
        if (stored.isDone()) {
            return new Reservation.Answered(stored.status() == null ? 200 : stored.status(), stored.body());
        }
        String seed = stored.body();
        boolean mine = seed != null
                && rows.isOver(stored.expiresAt())
                && rows.takeOver(key.subject(), key.key(), stored.expiresAt(), leaseMs, retentionMs) == 1;
        if (!mine) {
            return new Reservation.Running();
        }
        // The stamp has the clock of the process that dated the first attempt's records.
        Stamp stamp = new Stamp(UUID.fromString(seed));
        return new Reservation.Again(stamp, new Earlier(stamp.time(), stored.expiresAt()));
    }

    /** Stores an answer in the transaction of the caller. */
    void complete(IdempotencyKey key, Answer<?> answer) {
        // Another attempt may have stored it: then it is the same.
        var unused = rows.complete(key.subject(), key.key(), answer.status().getCode(), text(answer), retentionMs);
    }

    /** Stores an answer after the effect. If that fails, a retry finds the effect in the log. */
    void completeSoon(IdempotencyKey key, Answer<?> answer) {
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

    private static @Nullable String text(Answer<?> answer) {
        Object body = answer.body();
        return body == null ? null : new String(Json.write(body), StandardCharsets.UTF_8);
    }
}
