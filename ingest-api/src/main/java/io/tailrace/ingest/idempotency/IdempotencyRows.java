package io.tailrace.ingest.idempotency;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The table of idempotency keys. Every decision is one statement, and all times are the database's. */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface IdempotencyRows extends GenericRepository<StoredRequest, String> {
    /** The lock of the process {@code dead}; PostgreSQL shows the number of an advisory lock in two halves. */
    String LOCK = "select 1 from pg_locks where locktype = 'advisory' and granted"
            + " and database = (select oid from pg_database where datname = current_database())"
            + " and cast(classid as bigint) = (cast(:dead as bigint) >> 32)"
            + " and cast(objid as bigint) = (cast(:dead as bigint) & 4294967295)";

    /** Takes a key that nobody has; 1 or 0. */
    @Query("insert into idempotency_keys (subject, key, request_hash, state, body, headers, expires_at) values"
        + " (:subject, :key, :requestHash, 'pending', :seed, :owner, now() + :leaseMs * interval '1 millisecond') on"
        + " conflict (subject, key) do nothing")
    int take(String subject, String key, byte[] requestHash, String seed, @Nullable String owner, long leaseMs);

    /** The key, whatever its state. */
    @Query("select subject, key, request_hash, state, status, body, headers, created_at, expires_at from"
            + " idempotency_keys where subject = :subject and key = :key")
    Optional<StoredRequest> find(String subject, String key);

    /** Whether the lease or the answer with this end is over by the database's clock. */
    @Query("select cast(:expiresAt as timestamptz) <= now()")
    boolean isOver(Instant expiresAt);

    /** Takes over a pending key whose lease is over; 1, or 0 if another was faster. */
    @Query("update idempotency_keys set headers = :owner, expires_at = now() + :leaseMs * interval '1 millisecond'"
            + " where subject = :subject and key = :key and state = 'pending' and expires_at = :expiresAt"
            + " and expires_at <= now() and created_at > now() - :retentionMs * interval '1 millisecond'")
    int takeOver(String subject, String key, Instant expiresAt, @Nullable String owner, long leaseMs, long retentionMs);

    /**
     * Takes over a pending key whose process has no lock, while its lease runs; 1, or 0 if it has one or another was faster.
     * When the database itself has just started, nobody may have a lock again.
     */
    @Query("update idempotency_keys set headers = :owner, expires_at = now() + :leaseMs * interval '1 millisecond'"
            + " where subject = :subject and key = :key and state = 'pending' and expires_at = :expiresAt"
            + " and created_at > now() - :retentionMs * interval '1 millisecond'"
            + " and pg_postmaster_start_time() < now() - :deadAfterMs * interval '1 millisecond'"
            + " and not exists (" + LOCK + ")")
    int takeOverFromDead(
            String subject,
            String key,
            Instant expiresAt,
            long dead,
            @Nullable String owner,
            long leaseMs,
            long retentionMs,
            long deadAfterMs);

    /** Whether no process has the lock with this number. */
    @Query("select not exists (" + LOCK + ")")
    boolean isDead(long dead);

    /**
     * Stores the answer, unless one is stored; 1 or 0. If PostgreSQL crashes and forgets this (it commits
     * asynchronously), the key is pending again and a retry finds in the log what was done.
     */
    @Query("update idempotency_keys k set state = 'done', status = :status, body = :body, headers = null,"
            + " expires_at = now() + :retentionMs * interval '1 millisecond'"
            + " from (select set_config('synchronous_commit', 'off', true) as value) async"
            + " where async.value = 'off' and subject = :subject and key = :key and state = 'pending'")
    int completeSoon(String subject, String key, int status, @Nullable String body, long retentionMs);

    /** Stores the answer together with the transaction that it is called in; 1 or 0. */
    @Query("update idempotency_keys set state = 'done', status = :status, body = :body, headers = null,"
            + " expires_at = now() + :retentionMs * interval '1 millisecond'"
            + " where subject = :subject and key = :key and state = 'pending'")
    int complete(String subject, String key, int status, @Nullable String body, long retentionMs);

    /** Ends the lease, so that a retry may take over at once. */
    @Query("update idempotency_keys set expires_at = now()"
            + " where subject = :subject and key = :key and state = 'pending'")
    int release(String subject, String key);

    /** Forgets a request that had no effect. */
    @Query("delete from idempotency_keys where subject = :subject and key = :key and state = 'pending'")
    int forget(String subject, String key);

    /** Forgets a key whose time is over; 1 or 0. */
    @Query("delete from idempotency_keys where subject = :subject and key = :key and (case state when 'done' then"
            + " expires_at <= now() else created_at <= now() - :retentionMs * interval '1 millisecond' end)")
    int forgetExpired(String subject, String key, long retentionMs);

    /** Deletes up to {@code limit} keys that can be of no use any more. */
    @Query("delete from idempotency_keys where ctid in (select ctid from idempotency_keys"
            + " where expires_at < now() - :retentionMs * interval '1 millisecond' limit :limit)")
    int sweep(long retentionMs, int limit);
}
