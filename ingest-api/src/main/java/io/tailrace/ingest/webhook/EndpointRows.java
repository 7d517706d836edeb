package io.tailrace.ingest.webhook;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table of endpoints. Everywhere the owner is the empty text for those of anybody. All times are the database's. */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface EndpointRows extends GenericRepository<EndpointRow, UUID> {
    /** Adds one, unless its owner has as many as they may have. */
    @Query("insert into webhook_endpoints (id, owner, url, events, state, secret) select :id, :owner, :url, :events,"
            + " 'enabled', :secret where (select count(*) from webhook_endpoints where owner = :owner) < :most")
    int insert(UUID id, String owner, String url, String events, String secret, int most);

    /** One of them. */
    @Query("select id, owner, url, events, state, disabled_reason, case when previous_until > now() then previous_until"
            + " end as previous_until, created_at, changed_at from webhook_endpoints"
            + " where id = :id and (:owner = '' or owner = :owner)")
    Optional<EndpointRow> find(UUID id, String owner);

    /** The newest before one. */
    @Query("select id, owner, url, events, state, disabled_reason, case when previous_until > now() then previous_until"
            + " end as previous_until, created_at, changed_at from webhook_endpoints"
            + " where id < :before and (:owner = '' or owner = :owner) order by id desc limit :limit")
    List<EndpointRow> newest(String owner, UUID before, int limit);

    /** Changes what is not null. */
    @Query("update webhook_endpoints set url = coalesce(cast(:url as text), url),"
            + " events = coalesce(cast(:events as text), events), state = coalesce(cast(:state as text), state),"
            + " disabled_reason = case cast(:state as text) when 'enabled' then null when 'disabled' then 'asked'"
            + " else disabled_reason end, changed_at = now() where id = :id and (:owner = '' or owner = :owner)")
    int change(UUID id, String owner, @Nullable String url, @Nullable String events, @Nullable String state);

    /** Gives it another secret; the one that it has is used as well for so long. */
    @Query("update webhook_endpoints set previous_secret = secret,"
            + " previous_until = now() + :graceSeconds * interval '1 second', secret = :secret, changed_at = now()"
            + " where id = :id and (:owner = '' or owner = :owner)")
    int rotate(UUID id, String owner, String secret, long graceSeconds);

    /** Takes it away. */
    @Query("delete from webhook_endpoints where id = :id and (:owner = '' or owner = :owner)")
    int remove(UUID id, String owner);
}
