package io.tailrace.ingest.dashboard;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The projection of dashboards, which {@code projections} writes; this service reads it. */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface DashboardTable extends GenericRepository<DashboardRow, UUID> {
    /** One of a person's. */
    @Query("select id, owner_id, name, time_range, panels, link, created_at, changed_at from dashboards"
            + " where id = :id and owner_id = :owner")
    Optional<DashboardRow> find(UUID id, UUID owner);

    /** The one that is shared by a link. */
    @Query("select id, owner_id, name, time_range, panels, link, created_at, changed_at from dashboards"
            + " where link = :link order by id limit 1")
    Optional<DashboardRow> findByLink(String link);

    /** A person's newest before one. */
    @Query("select id, owner_id, name, time_range, panels, link, created_at, changed_at from dashboards"
            + " where owner_id = :owner and id < :before order by id desc limit :limit")
    List<DashboardRow> newest(UUID owner, UUID before, int limit);

    /** How many a person has. */
    @Query("select count(*) from dashboards where owner_id = :owner")
    int count(UUID owner);
}
