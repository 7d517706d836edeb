package io.tailrace.ingest.projection;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.util.List;

/** The positions of projections, which {@code projections} writes; this service reads them. */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface ProjectionRows extends GenericRepository<ProjectionPosition, String> {
    /** How far a projection has read the partitions of a topic; what it has not begun is missing. */
    @Query("select projection, topic, partition, next_offset, generation from projection_positions"
            + " where projection = :projection and topic = :topic")
    List<ProjectionPosition> find(String projection, String topic);
}
