package io.tailrace.ingest.erasure;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.util.List;
import java.util.UUID;

/**
 * What the copies of jobs say of a person, in ranges of ids: behind {@code after}, up to {@code to}. Payloads are not indexed, and a walk
 * through all of them would be one long statement. Texts have line breaks between them.
 */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface ErasableJobRows extends GenericRepository<NamedJob, UUID> {
    /** Where a range of so many jobs ends; empty if there are no more than that. */
    @Query("select j.id, j.queue, false as waits, false as finished from jobs j where j.id > :after order by j.id"
            + " offset :size limit 1")
    List<NamedJob> end(UUID after, int size);

    /**
     * The jobs that name somebody.
     *
     * @param texts what names them
     * @param addresses of these what leads to them still when they are erased. Answers that they have asked for are cancelled as well
     */
    @Query("select j.id, j.queue, j.finished_at is null and (has_one_of(j.payload, :addresses) or"
            + " has_one_of(j.unique_key, :addresses) or has_one_of(j.limit_key, :addresses) or j.type = 'answer'"
            + " and has_one_of(j.limit_key, :texts)) as waits, j.finished_at is not null as finished from jobs j where"
            + " j.id > :after and j.id <= :to and (has_one_of(j.payload, :texts) or has_one_of(j.result, :texts) or"
            + " has_one_of(j.progress_message, :texts) or has_one_of(j.unique_key, :texts) or has_one_of(j.limit_key,"
            + " :texts) or exists (select from job_attempts a where a.job_id = j.id and has_one_of(a.error_message,"
            + " :texts))) order by j.id")
    List<NamedJob> named(UUID after, UUID to, String texts, String addresses);

    /** Takes out of a job what somebody has said in it. */
    @Query("with attempts as (update job_attempts set error_message = 'erased' where job_id = :id"
            + " and error_message is not null)"
            + " update jobs set payload = null, result = null, progress_message = null, unique_key = null,"
            + " limit_key = case when has_one_of(limit_key, :texts) then null else limit_key end where id = :id")
    int blank(UUID id, String texts);

    /** Deletes the lines that name somebody. */
    @Query("delete from job_log_lines where job_id > :after and job_id <= :to and has_one_of(text, :texts)")
    int deleteLines(UUID after, UUID to, String texts);
}
