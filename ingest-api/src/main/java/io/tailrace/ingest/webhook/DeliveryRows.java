package io.tailrace.ingest.webhook;

import io.micronaut.data.annotation.Query;
import io.micronaut.data.jdbc.annotation.JdbcRepository;
import io.micronaut.data.model.query.builder.sql.Dialect;
import io.micronaut.data.repository.GenericRepository;
import io.tailrace.ingest.sql.Database;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The jobs of endpoints, by the index {@code jobs_of_webhooks}. The projection of the jobs writes them. */
@JdbcRepository(dialect = Dialect.POSTGRES, dataSource = Database.POOL)
interface DeliveryRows extends GenericRepository<DeliveryRow, UUID> {
    /**
     * The newest before a place.
     *
     * @param endpoint the endpoint's id, which is the key of its jobs
     */
    @Query("select j.id, j.state, j.enqueued_at, j.run_at, j.finished_at, j.result, (select"
            + " cast(json_agg(json_build_object('attempt', a.attempt, 'started_at', a.started_at, 'duration_ms',"
            + " cast(extract(epoch from a.ended_at - a.started_at) * 1000 as bigint), 'outcome', a.outcome,"
            + " 'error_type', a.error_type, 'error_message', a.error_message) order by a.attempt) as text) from"
            + " job_attempts a where a.job_id = j.id) as attempts from jobs j where j.type = 'webhook' and"
            + " j.limit_key = :endpoint and (j.enqueued_at, j.id) < (timestamptz 'epoch' + :beforeMicros *"
            + " interval '1 microsecond', :beforeId) order by j.enqueued_at desc, j.id desc limit :limit")
    List<DeliveryRow> newest(String endpoint, long beforeMicros, UUID beforeId, int limit);

    /** What a job of an endpoint was enqueued with; the empty text if the copy no longer has it. */
    @Query("select coalesce(payload, '') from jobs where id = :id and type = 'webhook' and limit_key = :endpoint")
    Optional<String> payload(UUID id, String endpoint);
}
