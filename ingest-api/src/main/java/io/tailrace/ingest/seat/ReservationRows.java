package io.tailrace.ingest.seat;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.util.Optional;
import java.util.UUID;

/** The projections of requests and decisions, which {@code projections} writes; this service reads them. */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface ReservationRows extends GenericRepository<ReservationRow, UUID> {
    /** The reservation with this id: as it was decided, or else as it was asked for. */
    @Query("select id, show_id, user_id, state, reason, array_to_string(seats, ',') as seats, expires_at"
            + " from reservations where id = :id"
            + " union all select id, show_id, user_id, 'pending', null, array_to_string(seats, ','), null"
            + " from hold_requests where id = :id and not exists (select 1 from reservations r where r.id = :id)")
    Optional<ReservationRow> find(UUID id);
}
