package io.tailrace.ingest.account;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table of accounts. */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface AccountRows extends GenericRepository<Account, UUID> {
    /**
     * Makes an account unless the address has one. The database decides, so two registrations of one moment cannot both
     * win.
     *
     * @return 1, or 0 if the address is taken
     */
    @Query("insert into accounts (id, email, email_key, name, phone, password_hash, created_at)"
            + " values (:id, :email, :emailKey, :name, :phone, :passwordHash, :createdAt)"
            + " on conflict (email_key) do nothing")
    int insertUnlessTaken(
            UUID id,
            String email,
            String emailKey,
            String name,
            @Nullable String phone,
            String passwordHash,
            Instant createdAt);

    /** The account of an address in lower case. */
    Optional<Account> findByEmailKey(String emailKey);

    /** The account of a person. */
    Optional<Account> findById(UUID id);
}
