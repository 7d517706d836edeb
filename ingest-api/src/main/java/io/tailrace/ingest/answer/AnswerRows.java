package io.tailrace.ingest.answer;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.util.Optional;
import java.util.UUID;

/** The jobs of answers, which {@code projections} copies; this service reads them. */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface AnswerRows extends GenericRepository<AnswerRow, UUID> {
    /** One of a person's. What a payload says is taken by its text, because JSON with a NUL is none for PostgreSQL. */
    @Query("select j.id, cast(j.limit_key as uuid) as owner_id, j.state, j.attempt,"
            + " substring(j.payload from '\"model\"[:]\"([^\"]+)\"') as model, j.enqueued_at, j.started_at,"
            + " j.finished_at, j.result, e.error_type, e.error_message from jobs j left join lateral"
            + " (select a.error_type, a.error_message from job_attempts a where a.job_id = j.id and a.error_type is not"
            + " null order by a.attempt desc limit 1) e on true"
            + " where j.id = :id and j.type = 'answer' and j.limit_key = :owner")
    Optional<AnswerRow> find(UUID id, String owner);
}
