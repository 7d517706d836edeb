package io.tailrace.ingest.bridge;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.util.List;
import java.util.Optional;

/** The schedules that supervise bridges, which {@code projections} writes. */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface BridgeRows extends GenericRepository<BridgeRow, String> {
    /** The schedule of this name. */
    @Query("select s.name, s.definition, s.changed_at from schedules s where s.name = :name")
    Optional<BridgeRow> find(String name);

    /** Those of all bridges, by name. */
    @Query("select s.name, s.definition, s.changed_at from schedules s where starts_with(s.name, :prefix)"
            + " order by s.name limit :limit")
    List<BridgeRow> all(String prefix, int limit);
}
