package io.tailrace.ingest.show;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The projection of shows, which {@code projections} writes; this service reads it. */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface ShowRows extends GenericRepository<ShowRow, UUID> {
    /** The show with this id. */
    Optional<ShowRow> findById(UUID id);

    /** The newest shows that are older than {@code before}; their ids are ordered by time. */
    @Query("select id, organizer_id, name, starts_at, sections, hold_seconds, max_hold_seconds, max_seats_per_user"
            + " from shows where id < :before order by id desc limit :limit")
    List<ShowRow> newest(UUID before, int limit);
}
