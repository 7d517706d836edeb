package io.tailrace.ingest.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.job.JobEvents.EnqueueRequested;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.TestBroker;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestPostgres;
import io.tailrace.kit.json.Json;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs that are enqueued in a transaction of PostgreSQL. */
@Tag("server")
class EnqueueJobTest {
    private static final TestPostgres POSTGRES = TestPostgres.create();

    @Test
    void a_job_is_in_the_log_if_its_transaction_commits_and_never_was_if_it_rolls_back() throws Exception {
        UUID kept;
        UUID undone;
        try (TestIngest server = TestIngest.start(Map.of("tailrace.postgres.url", POSTGRES.url()))) {
            try (Connection connection = connection()) {
                connection.setAutoCommit(false);
                undone = call(connection, "'image.resize', '{\"n\": 1}'");
                connection.rollback();
                kept = call(
                        connection,
                        "'image.resize', '{\"n\": [2, null]}', queue => 'maintenance', run_at =>"
                                + " '2030-01-02T03:04:05Z', priority => 9, unique_key => 'ü', unique_seconds => 60,"
                                + " max_attempts => 3, timeout_seconds => 20, key => 'ada'");
                assertThat(commands(kept)).isEmpty();
                connection.commit();
            }
            Eventually.holds("the command is in the log", () -> commands(kept).size() == 1);
        }

        ConsumerRecord<byte[], byte[]> record = commands(kept).getFirst();
        assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("maintenance");
        assertThat(record.partition()).isEqualTo(FactKeys.partition("maintenance"));
        // The contracts check what they read.
        EnqueueRequested request = Json.read(record.value(), EnqueueRequested.class);
        assertThat(request.commandId()).isEqualTo(kept);
        assertThat(request.queue()).isEqualTo("maintenance");
        assertThat(new String(Json.write(Objects.requireNonNull(request.payload())), StandardCharsets.UTF_8))
                .isEqualTo("{\"n\":[2,null]}");
        assertThat(request.job().type()).isEqualTo("image.resize");
        assertThat(request.job().runAt()).isEqualTo(Instant.parse("2030-01-02T03:04:05Z"));
        assertThat(request.job().priority()).isEqualTo(9);
        assertThat(request.job().uniqueKey()).isEqualTo("ü");
        assertThat(request.job().uniqueSeconds()).isEqualTo(60);
        assertThat(request.job().maxAttempts()).isEqualTo(3);
        assertThat(request.job().timeoutSeconds()).isEqualTo(20);
        assertThat(request.job().key()).isEqualTo("ada");
        assertThat(request.job().retry().firstDelayMs()).isEqualTo(2000);
        assertThat(commands(undone)).isEmpty();
    }

    @Test
    void a_job_that_asks_for_nothing_is_in_the_default_queue_and_the_same_id_is_one_job() throws Exception {
        UUID id = UUID.randomUUID();
        try (Connection connection = connection()) {
            assertThat(call(connection, "'mail', 'null', job_id => '" + id + "'"))
                    .isEqualTo(id);
            assertThatThrownBy(() -> call(connection, "'mail', 'null', job_id => '" + id + "'"))
                    .hasMessageContaining("duplicate key");
        }
        assertThat(POSTGRES.column("select record_key from outbox where event_id = '" + id + "'"))
                .containsExactly("default");
        POSTGRES.update("delete from outbox where event_id = '" + id + "'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
                    'No type', '{}' | job_type
                    null, '{}' | job_type
                    'mail', null | payload
                    'mail', to_jsonb(repeat('x', 262144)) | payload: 262146 bytes
                    'mail', '{}', queue => 'No queue' | queue
                    'mail', '{}', run_at => '10000-01-01T00:00:00Z' | run_at
                    'mail', '{}', run_at => 'infinity' | run_at
                    'mail', '{}', run_at => now(), delay_seconds => 1 | run_at and delay_seconds
                    'mail', '{}', delay_seconds => -1 | delay_seconds
                    'mail', '{}', priority => 10 | priority
                    'mail', '{}', unique_key => repeat('k', 10240) | unique_key
                    'mail', '{}', unique_key => '' | unique_key
                    'mail', '{}', unique_key => 'schedule/nightly' | unique_key: expected none that begins with schedule/
                    'mail', '{}', unique_seconds => 1 | unique_seconds
                    'mail', '{}', max_attempts => 0 | max_attempts
                    'mail', '{}', timeout_seconds => 86401 | timeout_seconds
                    'mail', '{}', key => E'a\\nb' | key
                    'mail', '{}', job_id => '00000000-0000-0000-0000-000000000000' | job_id
                    """)
    void what_the_dispatcher_could_not_use_is_refused_and_not_stored(String arguments, String message)
            throws Exception {
        try (Connection connection = connection()) {
            assertThatThrownBy(() -> call(connection, arguments)).hasMessageContaining("enqueue_job: " + message);
        }
        assertThat(POSTGRES.column("select event_id from outbox where record_key = 'No queue'"))
                .isEmpty();
    }

    private static UUID call(Connection connection, String arguments) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select enqueue_job(" + arguments + ")")) {
            rows.next();
            return rows.getObject(1, UUID.class);
        }
    }

    private static Connection connection() throws SQLException {
        return DriverManager.getConnection(POSTGRES.url(), "postgres", "");
    }

    private static List<ConsumerRecord<byte[], byte[]>> commands(UUID id) {
        return TestBroker.shared().records(Topics.JOB_COMMANDS).stream()
                .filter(record -> new String(record.value(), StandardCharsets.UTF_8).contains(id.toString()))
                .toList();
    }
}
