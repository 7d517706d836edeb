package io.tailrace.workers.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.kit.job.testing.FakeJob;
import io.tailrace.workers.testing.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.ds.PGSimpleDataSource;

/** The rows are moved on by the test, as ingest-api does. */
@Timeout(300)
@Tag("server")
class EraseHandlerTest {
    private static final PGSimpleDataSource DATABASE = new PGSimpleDataSource();

    private final UUID person = UUID.randomUUID();
    private final FakeJob job = FakeJob.first();
    private final EraseHandler handler = new EraseHandler(new ErasureTable(DATABASE));

    @BeforeAll
    static void migrate() throws SQLException {
        DATABASE.setUrl(TestPostgres.newDatabase());
    }

    private static void execute(String sql) {
        try (Connection connection = DATABASE.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String value(String sql) {
        try (Connection connection = DATABASE.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? String.valueOf(rows.getString(1)) : "no row";
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private CompletableFuture<Map<String, Object>> start() {
        CompletableFuture<Map<String, Object>> result = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                result.complete(handler.run(new ErasePayload(person), job));
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private void isBegun() {
        Eventually.holds("the erasure is begun", () -> value("select id from erasures where user_id = '" + person + "'")
                .equals(job.id().toString()));
    }

    @Test
    void theAccountGoesAtOnceAndTheJobEndsWhenEveryCopyHasObeyed() throws Exception {
        execute("insert into webhook_endpoints (id, owner, url, events, state, secret) values ('" + UUID.randomUUID()
                + "', '" + person + "', 'https://example.org/', '*', 'enabled', 'x')");

        CompletableFuture<Map<String, Object>> result = start();
        isBegun();
        assertThat(value("select owner from webhook_endpoints where owner = '" + person + "'"))
                .isEqualTo("no row");
        assertThat(result).isNotDone();
        execute("update erasures set state = 'compacting' where user_id = '" + person + "'");

        assertThat(Eventually.result("the job ends", result))
                .isEqualTo(Map.of("erasure_id", job.id(), "state", "compacting"));
    }

    @Test
    void anAttemptThatRunsAgainBeginsNoOtherErasure() throws Exception {
        CompletableFuture<Map<String, Object>> first = start();
        isBegun();
        execute("update erasures set state = 'done', user_id = null, finished_at = now() where id = '" + job.id()
                + "'");

        assertThat(Eventually.result("the job ends", first)).containsEntry("state", "done");
        assertThat(handler.run(new ErasePayload(person), job)).containsEntry("state", "done");
        assertThat(value("select count(*) from erasures where user_id = '" + person + "'"))
                .isEqualTo("0");
    }

    @Test
    void anErasureThatSomebodyElseAskedForIsFollowed() throws Exception {
        UUID theirs = UUID.randomUUID();
        execute("insert into erasures (id, user_id, state) values ('" + theirs + "', '" + person + "', 'compacting')");

        assertThat(Eventually.result("the job ends", start()))
                .isEqualTo(Map.of("erasure_id", theirs, "state", "compacting"));
    }
}
