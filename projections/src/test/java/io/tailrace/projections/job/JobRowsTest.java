package io.tailrace.projections.job;

import static io.tailrace.projections.job.JobEventsOfTests.AT;
import static io.tailrace.projections.job.JobEventsOfTests.changed;
import static io.tailrace.projections.job.JobEventsOfTests.enqueued;
import static io.tailrace.projections.job.JobEventsOfTests.failed;
import static io.tailrace.projections.job.JobEventsOfTests.progressed;
import static io.tailrace.projections.job.JobEventsOfTests.succeeded;
import static io.tailrace.projections.job.JobEventsOfTests.view;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobError;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobEvents.QueueChanged;
import io.tailrace.contracts.job.JobState;
import io.tailrace.contracts.job.QueueLimits;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.json.Json;
import io.tailrace.projections.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What events become in PostgreSQL, and that it does not depend on how they are spread over batches. */
@Tag("server")
class JobRowsTest {
    private static final TestPostgres.Database DATABASE = TestPostgres.shared().database();

    /** How events are spread over batches. */
    enum Batches {
        ONE_FOR_ALL,
        ONE_FOR_EACH
    }

    private final UUID id = UUID.randomUUID();
    private final List<JobChange> changes = new ArrayList<>();

    @BeforeEach
    void empty() {
        DATABASE.execute("truncate jobs, job_attempts, job_counts, job_minutes, job_queues");
    }

    @ParameterizedTest
    @EnumSource
    void a_job_that_fails_once_and_succeeds_has_both_attempts_and_its_last_progress(Batches batches) throws Exception {
        add(JobEvents.JOB_SCHEDULED, 0, enqueued(view(id, JobState.READY, 0), Map.of("n", 1)));
        add(JobEvents.JOB_STARTED, 1, changed(view(id, JobState.RUNNING, 1)));
        add(JobEvents.JOB_PROGRESSED, 2, progressed(view(id, JobState.RUNNING, 1), 0.9, "almost"));
        add(JobEvents.JOB_RETRYING, 3, failed(view(id, JobState.RETRYING, 1), "io", "away"));
        add(JobEvents.JOB_STARTED, 4, changed(view(id, JobState.RUNNING, 2)));
        add(JobEvents.JOB_PROGRESSED, 5, progressed(view(id, JobState.RUNNING, 2), 0.25, "a quarter"));
        add(JobEvents.JOB_SUCCEEDED, 6, succeeded(view(id, JobState.SUCCEEDED, 2), List.of(1, 2)));

        write(batches);

        assertThat(DATABASE.rows("select state, attempt, payload, result, progress_attempt, progress_fraction,"
                        + " progress_message, worker, started_at::text, finished_at::text from jobs"))
                .containsExactly("succeeded|2|{\"n\":1}|[1,2]|2|0.25|a quarter|w2|2026-01-02 03:04:07.678+00"
                        + "|2026-01-02 03:04:15.678+00");
        assertThat(DATABASE.rows("select attempt, worker, ended_at::text, outcome, error_type, error_message"
                        + " from job_attempts order by attempt"))
                .containsExactly(
                        "1|w1|2026-01-02 03:04:08.678+00|failed|io|away",
                        "2|w2|2026-01-02 03:04:11.678+00|succeeded|null|null");
        assertThat(counts()).containsExactly("default|email|succeeded|1");
        assertThat(DATABASE.rows("select queue, minute::text, enqueued, started, succeeded, failed, dead, cancelled"
                        + " from job_minutes"))
                .containsExactly("default|2026-01-02 03:04:00+00|1|2|1|1|0|0");
    }

    @ParameterizedTest
    @EnumSource
    void an_attempt_that_was_handed_back_is_no_failure(Batches batches) throws Exception {
        add(JobEvents.JOB_STARTED, 1, changed(view(id, JobState.RUNNING, 1)));
        add(JobEvents.JOB_RETRYING, 2, failed(view(id, JobState.READY, 1), JobError.HANDED_BACK, "the worker stops"));

        write(batches);

        assertThat(DATABASE.rows("select outcome, error_type from job_attempts"))
                .containsExactly("handed_back|null");
        assertThat(DATABASE.rows("select failed from job_minutes")).containsExactly("0");
    }

    @ParameterizedTest
    @EnumSource
    void a_job_that_is_cancelled_ends_its_attempt_only_if_one_is_under_way(Batches batches) throws Exception {
        UUID other = UUID.randomUUID();
        UUID never = UUID.randomUUID();
        add(JobEvents.JOB_STARTED, 1, changed(view(id, JobState.RUNNING, 1)));
        add(JobEvents.JOB_CANCELLED, 2, changed(view(id, JobState.CANCELLED, 1)));
        add(JobEvents.JOB_STARTED, 1, changed(view(other, JobState.RUNNING, 1)));
        add(JobEvents.JOB_RETRYING, 2, failed(view(other, JobState.RETRYING, 1), "io", "away"));
        add(JobEvents.JOB_CANCELLED, 3, changed(view(other, JobState.CANCELLED, 1)));
        add(JobEvents.JOB_CANCELLED, 3, changed(view(never, JobState.CANCELLED, 0)));

        write(batches);

        assertThat(DATABASE.rows("select outcome from job_attempts where job_id = '" + id + "'"))
                .containsExactly("cancelled");
        assertThat(DATABASE.rows("select outcome from job_attempts where job_id = '" + other + "'"))
                .containsExactly("failed");
        assertThat(DATABASE.rows("select count(*) from job_attempts")).containsExactly("2");
        assertThat(counts()).containsExactly("default|email|cancelled|3");
    }

    @ParameterizedTest
    @EnumSource
    void a_dead_job_that_is_retried_is_counted_where_it_stands_and_is_not_enqueued_again(Batches batches)
            throws Exception {
        add(JobEvents.JOB_SCHEDULED, 0, enqueued(view(id, JobState.READY, 0), "x"));
        add(JobEvents.JOB_STARTED, 1, changed(view(id, JobState.RUNNING, 1)));
        add(JobEvents.JOB_DEAD, 2, failed(view(id, JobState.DEAD, 1), "io", "away"));
        add(JobEvents.JOB_SCHEDULED, 3, changed(view(id, JobState.READY, 1)));
        add(JobEvents.JOB_SCHEDULED, 3, enqueued(view("maintenance", UUID.randomUUID(), JobState.SCHEDULED, 0), "y"));

        write(batches);

        assertThat(DATABASE.rows("select state, payload, finished_at from jobs where id = '" + id + "'"))
                .containsExactly("ready|\"x\"|null");
        assertThat(counts()).containsExactly("default|email|ready|1", "maintenance|email|scheduled|1");
        assertThat(DATABASE.rows("select queue, enqueued, failed, dead from job_minutes order by queue"))
                .containsExactly("default|1|1|1", "maintenance|1|0|0");
    }

    @ParameterizedTest
    @EnumSource
    void a_queue_stands_as_it_was_changed_last(Batches batches) throws Exception {
        add(JobEvents.QUEUE_CHANGED, 0, new QueueChanged("default", true, QueueLimits.NONE, id));
        add(JobEvents.QUEUE_CHANGED, 1, new QueueChanged("default", false, new QueueLimits(3, 0.5, 1, 2.5), id));

        write(batches);

        assertThat(DATABASE.rows("select * from job_queues"))
                .containsExactly("default|f|3|0.5|1|2.5|2026-01-02 03:04:06.678+00");
    }

    private void add(String type, int seconds, Object payload) {
        Instant at = AT.plusSeconds(seconds);
        String key = payload instanceof JobEvents.JobChanged changed
                ? changed.job().queue()
                : ((QueueChanged) payload).queue();
        LogEntry entry = new LogEntry.Fact(key, new Event("e", type, "/test", at, null, Json.write(payload)));
        switch (new JobProjection().read(entry)) {
            case ParsedRecord.Changes<JobChange> read -> changes.add(read.change());
            case ParsedRecord.Ignored<JobChange> _, ParsedRecord.Poison<JobChange> _ ->
                throw new IllegalArgumentException(type + " " + payload);
        }
    }

    private void write(Batches batches) throws SQLException {
        try (Connection connection = DATABASE.dataSource().getConnection()) {
            connection.setAutoCommit(false);
            List<List<JobChange>> all =
                    switch (batches) {
                        case ONE_FOR_ALL -> List.of(changes);
                        case ONE_FOR_EACH -> changes.stream().map(List::of).toList();
                    };
            for (List<JobChange> batch : all) {
                new JobRows(_ -> {}).write(connection, batch);
            }
            connection.commit();
        }
    }

    private static List<String> counts() {
        return DATABASE.rows("select * from job_counts where jobs <> 0 order by queue, type, state");
    }
}
