package io.tailrace.workers.forget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tailrace.kit.file.FileStoreSettings;
import io.tailrace.kit.file.FileStores;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.testing.FakeJob;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.workers.testing.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

@Tag("server")
class ForgetHandlerTest {
    private static final PGSimpleDataSource DATABASE = new PGSimpleDataSource();

    private static final ForgottenFiles NO_FILES = new ForgottenFiles(
            new FileStores(Optional.empty()),
            new UploadFacts(KafkaSettings.of("127.0.0.1:1")),
            new CopiedUploads(DATABASE),
            new FileStoreSettings("", Duration.ofHours(24)),
            InstantSource.system());

    private final ForgetHandler handler = new ForgetHandler(new ExpiredSessions(DATABASE), NO_FILES);

    @BeforeAll
    static void migrate() throws SQLException {
        DATABASE.setUrl(TestPostgres.newDatabase());
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = DATABASE.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long number(String sql) throws SQLException {
        try (Connection connection = DATABASE.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Tokens of a family each, of one account. */
    private static void tokens(int count, String expiresAt) throws SQLException {
        execute("with account as (insert into accounts (id, email, email_key, name, password_hash, created_at)"
                + " select gen_random_uuid(), e, e, 'Ada', '$argon2id$x', now()"
                + " from (select gen_random_uuid() || '@example.org' as e) as one returning id)"
                + " insert into refresh_tokens (token_hash, family, account_id, issued_at, expires_at)"
                + " select sha256(gen_random_uuid()::text::bytea), gen_random_uuid(), account.id,"
                + " now() - interval '2 days', " + expiresAt + " from account, generate_series(1, " + count + ")");
    }

    @Test
    void tokensThatHaveExpiredGoAndFamiliesOfWhichNoneIsLeft() throws Exception {
        tokens(2_500, "now() - interval '1 second'");
        tokens(3, "now() + interval '1 day'");
        execute("insert into revoked_families (family) select family from refresh_tokens on conflict do nothing");

        ForgetHandler.Forgotten first = handler.run(new ForgetPayload("sessions"), FakeJob.first());
        ForgetHandler.Forgotten second = handler.run(new ForgetPayload("sessions"), FakeJob.first());

        assertThat(first).isEqualTo(new ForgetHandler.Forgotten(2_500, 2_500, 0));
        assertThat(second).isEqualTo(new ForgetHandler.Forgotten(0, 0, 0));
        assertThat(number("select count(*) from refresh_tokens")).isEqualTo(3);
        assertThat(number("select count(*) from revoked_families")).isEqualTo(3);
    }

    @Test
    void whatIsNothingOfTheKindIsFinalAndADatabaseThatIsAwayIsNot() {
        PGSimpleDataSource nowhere = new PGSimpleDataSource();
        nowhere.setUrl("jdbc:postgresql://127.0.0.1:1/none?user=postgres&connectTimeout=1");

        JobFailure unknown = catchThrowableOfType(
                JobFailure.class, () -> handler.run(new ForgetPayload("everything"), FakeJob.first()));
        JobFailure away =
                catchThrowableOfType(JobFailure.class, () -> new ForgetHandler(new ExpiredSessions(nowhere), NO_FILES)
                        .run(new ForgetPayload("sessions"), FakeJob.first()));

        assertThat(unknown.isFinal()).isTrue();
        assertThat(away.isFinal()).isFalse();
        assertThat(away.type()).isEqualTo("database_unavailable");
    }
}
