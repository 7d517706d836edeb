package io.tailrace.ingest.answer;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.time.Instant;
import java.util.UUID;

/** How much people have of answers, from the jobs that {@code projections} copies. */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface AnswerLoads extends GenericRepository<AnswerLoad, String> {
    /**
     * That of a person's answers since a time, without one of them. An answer that came to nothing before it was begun counts for no tokens,
     * and one whose usage is not known for as many as it could have taken.
     */
    @Query("select cast(:owner as text) as owner, cast(coalesce(sum(case when j.started_at is null and j.finished_at"
        + " is not null then 0 else coalesce(cast(substring(j.result from '\"total_tokens\"[:]([0-9]{1,12})') as"
        + " bigint), cast(substring(j.payload from '\"reserved_tokens\"[:]([0-9]{1,12})') as bigint), 0) end), 0) as"
        + " bigint) as tokens, count(*) filter (where j.state in ('scheduled', 'ready', 'retrying', 'running')) as"
        + " unfinished, min(j.enqueued_at) as oldest_at from jobs j where j.type = 'answer' and j.limit_key = :owner"
        + " and j.enqueued_at > :since and j.id <> :but")
    AnswerLoad of(String owner, Instant since, UUID but);
}
