package io.tailrace.ingest.job;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.util.List;
import java.util.Optional;

/** The projection of schedules, which {@code projections} writes; this service reads it. */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface ScheduleRows extends GenericRepository<ScheduleRow, String> {
    /** The schedule of this name. */
    @Query("select s.name, s.definition, s.changed_at from schedules s where s.name = :name")
    Optional<ScheduleRow> find(String name);

    /** The first schedules by name, after one. */
    @Query("select s.name, s.definition, s.changed_at from schedules s where s.name > :after order by s.name limit"
            + " :limit")
    List<ScheduleRow> page(String after, int limit);

    /** How many there are. */
    @Query("select count(*) from schedules")
    long size();
}
