package io.tailrace.ingest.metric;

import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.util.Optional;
import java.util.UUID;

/** The projection of metrics, which {@code projections} writes; this service reads it. */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface MetricRows extends GenericRepository<Metric, UUID> {
    /** The metric with this id. */
    Optional<Metric> findById(UUID id);
}
