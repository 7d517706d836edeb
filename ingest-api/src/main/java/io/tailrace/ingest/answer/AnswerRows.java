package io.tailrace.ingest.answer;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.time.Instant;
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

    /**
     * The tokens of a person's answers since a time. An answer that came to nothing before it was begun counts for nothing, and one
     * whose usage is not known for as much as it could have taken.
     */
    @Query("select cast(coalesce(sum(case when j.started_at is null and j.finished_at is not null then 0 else"
            + " coalesce(cast(substring(j.result from '\"total_tokens\"[:]([0-9]{1,12})') as bigint),"
            + " cast(substring(j.payload from '\"reserved_tokens\"[:]([0-9]{1,12})') as bigint), 0) end), 0) as"
            + " bigint) from jobs j where j.type = 'answer' and j.limit_key = :owner and j.enqueued_at > :since"
            + " and j.id <> :but")
    long tokens(String owner, Instant since, UUID but);
}
