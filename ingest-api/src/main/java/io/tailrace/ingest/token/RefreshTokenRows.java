package io.tailrace.ingest.token;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The tables of refresh tokens and of families that have ended. All times are the database's. */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface RefreshTokenRows extends GenericRepository<RefreshToken, byte[]> {
    /** Stores a new token. */
    @Query("insert into refresh_tokens (token_hash, family, account_id, issued_at, expires_at)"
            + " values (:tokenHash, :family, :accountId, now(), now() + :ttlMs * interval '1 millisecond')")
    void insert(byte[] tokenHash, UUID family, UUID accountId, long ttlMs);

    /** The token with this hash, whatever its state; locked, so that of two uses one is first. */
    @Query("select token_hash, family, account_id, issued_at, expires_at, used_at,"
            + " encode(successor_salt, 'hex') as successor_salt from refresh_tokens"
            + " where token_hash = :tokenHash for update")
    Optional<RefreshToken> lock(byte[] tokenHash);

    /**
     * Marks a token as used, if it may be: unused, not expired, of a living family. 1 or 0.
     *
     * @param salt what makes its successor, in hex, for uses within the grace; null where there is no grace
     */
    @Query("update refresh_tokens t set used_at = now(), successor_salt = decode(cast(:salt as text), 'hex')"
            + " where t.token_hash = :tokenHash and t.used_at is null and t.expires_at > now()"
            + " and not exists (select from revoked_families r where r.family = t.family)")
    int use(byte[] tokenHash, @Nullable String salt);

    /** A used token whose successor can be made again: used at most {@code graceMs} ago, of a living family. */
    @Query("select t.token_hash, t.family, t.account_id, t.issued_at, t.expires_at, t.used_at,"
            + " encode(t.successor_salt, 'hex') as successor_salt from refresh_tokens t where t.token_hash = :tokenHash"
            + " and t.successor_salt is not null and t.used_at > now() - :graceMs * interval '1 millisecond' and not"
            + " exists (select from revoked_families r where r.family = t.family)")
    Optional<RefreshToken> usedWithin(byte[] tokenHash, long graceMs);

    /** Ends a family; again makes no difference. */
    @Query("insert into revoked_families (family) values (:family) on conflict do nothing")
    int revoke(UUID family);

    /** Forgets up to {@code limit} salts of tokens that were used more than {@code graceMs} ago. */
    @Query("update refresh_tokens set successor_salt = null where ctid in (select ctid from refresh_tokens where"
            + " successor_salt is not null and used_at < now() - :graceMs * interval '1 millisecond' limit"
            + " :limit)")
    int sweepSalts(long graceMs, int limit);
}
