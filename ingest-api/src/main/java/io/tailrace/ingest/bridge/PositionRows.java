package io.tailrace.ingest.bridge;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.util.List;

/** How bridges are, which the workers write. */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface PositionRows extends GenericRepository<PositionRow, String> {
    /** Those of one bridge, or of all if {@code bridge} is empty. */
    @Query("select p.bridge, p.remote, p.epoch, p.sequence, p.last_at, p.state, p.error_type, p.error, p.readings,"
            + " p.duplicates, p.refused, p.conflated, p.gaps, p.last_gap, p.reconnects,"
            + " p.seen_at > now() - :aliveMs * interval '1 millisecond' as alive from bridge_positions p"
            + " where :bridge = '' or p.bridge = :bridge")
    List<PositionRow> of(String bridge, long aliveMs);
}
