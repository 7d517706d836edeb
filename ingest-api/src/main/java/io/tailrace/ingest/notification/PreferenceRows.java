package io.tailrace.ingest.notification;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The table of preferences, whose rows go with their accounts. */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface PreferenceRows extends GenericRepository<PreferenceRow, UUID> {
    /** The accounts of some people, whose ids have commas between them. */
    @Query("select a.id, a.email, p.document, p.webhook_endpoint from accounts a"
            + " left join notification_preferences p on p.user_id = a.id"
            + " where a.id = any(cast(string_to_array(:ids, ',') as uuid[]))")
    List<PreferenceRow> find(String ids);

    /**
     * Keeps what a person says.
     *
     * @param owner the person, as whoever registers endpoints is called
     * @return 0 if there is no such account, or no such endpoint of theirs
     */
    @Query("insert into notification_preferences (user_id, document, webhook_endpoint)"
            + " select a.id, :document, cast(:endpoint as uuid) from accounts a where a.id = :userId"
            + " and (cast(:endpoint as uuid) is null or exists"
            + " (select from webhook_endpoints where id = cast(:endpoint as uuid) and owner = :owner))"
            + " for key share of a"
            + " on conflict (user_id) do update set document = excluded.document,"
            + " webhook_endpoint = excluded.webhook_endpoint, changed_at = now()")
    int put(UUID userId, String owner, String document, @Nullable UUID endpoint);
}
