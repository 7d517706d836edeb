package io.tailrace.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class SchemaTest {
    private static final String TABLES =
            "select table_name from information_schema.tables where table_schema = 'public' order by 1";

    @Test
    void anEmptyDatabaseGetsEveryTable() throws Exception {
        DatabaseAddress database = TestPostgres.emptyDatabase();

        List<AppliedFile> applied = Schema.migrate(database.url(), database.user(), database.password());

        assertThat(applied).extracting(AppliedFile::file).startsWith("V0001__accounts_and_refresh_tokens.sql");
        assertThat(TestPostgres.column(database, TABLES))
                .containsExactly(
                        "accounts",
                        "bridge_positions",
                        "confirmed_seats",
                        "dashboards",
                        "deleted_posts",
                        "erasures",
                        "feed_entries",
                        "follows",
                        "hold_requests",
                        "idempotency_keys",
                        "job_attempts",
                        "job_counts",
                        "job_log_drops",
                        "job_log_lines",
                        "job_minutes",
                        "job_queues",
                        "jobs",
                        "metrics",
                        "notification_preferences",
                        "outbox",
                        "posts",
                        "projection_positions",
                        "readings",
                        "refresh_tokens",
                        "reservations",
                        "revoked_families",
                        "schedules",
                        "schema_history",
                        "series_points",
                        "shows",
                        "taken_seats",
                        "uploads",
                        "users",
                        "webhook_endpoints");
    }

    @Test
    void migratingTwiceChangesNothing() throws Exception {
        DatabaseAddress database = TestPostgres.emptyDatabase();
        assertThat(Schema.migrate(database.url(), database.user(), database.password()))
                .isNotEmpty();

        List<AppliedFile> second = Schema.migrate(database.url(), database.user(), database.password());

        assertThat(second).isEmpty();
    }

    @Test
    void twoProcessesThatMigrateAtOnceApplyEachFileOnce() throws Exception {
        DatabaseAddress database = TestPostgres.emptyDatabase();

        CompletableFuture<List<AppliedFile>> one = CompletableFuture.supplyAsync(
                () -> Schema.migrate(database.url(), database.user(), database.password()));
        CompletableFuture<List<AppliedFile>> other = CompletableFuture.supplyAsync(
                () -> Schema.migrate(database.url(), database.user(), database.password()));

        assertThat(one.get().size() + other.get().size()).isEqualTo(29);
    }

    @Test
    void twoSpellingsOfOneAddressAreOneAccount() throws Exception {
        DatabaseAddress database = TestPostgres.emptyDatabase();
        Schema.migrate(database.url(), database.user(), database.password());
        TestPostgres.execute(database, account("Ada@example.org"));

        assertThatThrownBy(() -> TestPostgres.execute(database, account("ada@EXAMPLE.org")))
                .hasMessageContaining("accounts_email_key_key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\n}", "{\r}", ""})
    void theOutboxRefusesDataThatIsNotOneLine(String data) throws Exception {
        DatabaseAddress database = TestPostgres.emptyDatabase();
        Schema.migrate(database.url(), database.user(), database.password());

        assertThatThrownBy(() -> TestPostgres.execute(
                        database,
                        "insert into outbox (event_id, topic, record_key, type, source, time, data) values"
                                + " (gen_random_uuid(), 't', 'k', 'x', '/s', now(), '" + data + "')"))
                .hasMessageContaining("outbox_data_check");
    }

    private static String account(String email) {
        return "insert into accounts (id, email, email_key, name, password_hash, created_at) values (gen_random_uuid(),"
                + " '" + email + "', lower('" + email + "'), 'Ada', '$argon2id$x', now())";
    }
}
