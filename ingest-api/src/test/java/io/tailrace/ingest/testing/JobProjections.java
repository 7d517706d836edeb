package io.tailrace.ingest.testing;

import io.tailrace.contracts.topic.Topics;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What {@code projections} writes to PostgreSQL about jobs, written by the test when the test wants it. */
public final class JobProjections {
    private JobProjections() {}

    /** Says that everything that is in the log is copied. */
    public static void catchUp() {
        Map<Integer, Long> next = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : TestBroker.shared().records(Topics.JOB_EVENTS)) {
            next.put(record.partition(), record.offset() + 1);
        }
        next.forEach((partition, offset) -> Projections.moveTo("jobs", Topics.JOB_EVENTS, partition, offset));
    }

    /** A job, which is counted, too. */
    public static UUID job(String queue, String type, String state, Instant enqueuedAt) {
        UUID id = UUID.randomUUID();
        job(id, queue, type, state, enqueuedAt);
        return id;
    }

    /** As above, of a job that has an id. */
    public static void job(UUID id, String queue, String type, String state, Instant enqueuedAt) {
        OffsetDateTime at = OffsetDateTime.ofInstant(enqueuedAt, ZoneOffset.UTC);
        TestPostgres.shared()
                .update(
                        "insert into jobs (id, queue, type, state, priority, run_at, attempt, max_attempts,"
                                + " timeout_seconds, enqueued_at) values (?, ?, ?, ?, 5, ?, 0, 3, 60, ?)",
                        id,
                        queue,
                        type,
                        state,
                        at,
                        at);
        TestPostgres.shared()
                .update(
                        "insert into job_counts values (?, ?, ?, 1) on conflict (queue, type, state) do update set"
                                + " jobs = job_counts.jobs + 1",
                        queue,
                        type,
                        state);
    }

    /** An attempt of a job. */
    public static void attempt(UUID job, int attempt, @Nullable String outcome, @Nullable String error) {
        TestPostgres.shared()
                .update(
                        "insert into job_attempts values (?, ?, 'w', now(), case when ? = '' then null else now() end,"
                                + " nullif(?, ''), nullif(?, ''), 'it failed')",
                        job,
                        attempt,
                        outcome == null ? "" : outcome,
                        outcome == null ? "" : outcome,
                        error == null ? "" : error);
    }

    /** A line that an attempt has logged. */
    public static void logLine(UUID job, int attempt, int line, String text) {
        TestPostgres.shared()
                .update(
                        "insert into job_log_lines values (?, ?, ?, '2026-01-02T03:04:05Z', 'info', ?)",
                        job,
                        attempt,
                        line,
                        text);
    }
}
