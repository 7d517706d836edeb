package io.tailrace.ingest.seat;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.util.Optional;
import java.util.UUID;

/** The projection of seat maps, which {@code projections} writes; this service reads it. */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface TakenSeatRows extends GenericRepository<TakenSeatRow, String> {
    /** The seats of a show with the position that they stand for: one statement, so one snapshot. */
    @Query("select p.generation, p.next_offset, (select string_agg(seat || '=' || state, ',') from taken_seats"
            + " where show_id = :showId) as states from projection_positions p"
            + " where p.projection = 'taken_seats' and p.topic = :topic and p.partition = :partition")
    Optional<TakenSeatRow> find(UUID showId, String topic, int partition);

    /** The position alone. */
    @Query("select generation, next_offset, null::text as states from projection_positions"
            + " where projection = 'taken_seats' and topic = :topic and partition = :partition")
    Optional<TakenSeatRow> position(String topic, int partition);
}
