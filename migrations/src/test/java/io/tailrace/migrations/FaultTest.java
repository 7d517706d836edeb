package io.tailrace.migrations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tailrace.backends.ReservedPort;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every fault is one line on stderr, exit code 1 and an unchanged database. */
@Tag("server")
class FaultTest {
    private final Path folder;

    FaultTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void aWrongPasswordIsNamedAsOne() throws Exception {
        DatabaseAddress right = TestPostgres.emptyDatabase();
        DatabaseAddress wrong = new DatabaseAddress(right.url(), right.user(), "wrong");

        Cli run = up(wrong);

        assertOneLine(run, "wrong user or password", right.url(), right.user());
    }

    @Test
    void aServerThatIsNotThereIsNamed() throws Exception {
        try (ReservedPort closed = ReservedPort.take()) {
            int port = closed.number();

            Cli run = up(new DatabaseAddress("jdbc:postgresql://127.0.0.1:" + port + "/tailrace", "tailrace", "x"));

            assertOneLine(run, "no PostgreSQL answers there", "127.0.0.1:" + port);
        }
    }

    @Test
    void aDatabaseThatIsNotThereIsNamed() throws Exception {
        DatabaseAddress database = TestPostgres.emptyDatabase();

        Cli run = up(new DatabaseAddress(database.url() + "_gone", database.user(), database.password()));

        assertOneLine(run, database.url() + "_gone", "does not exist");
    }

    @Test
    void aUrlThatIsNotOneOfPostgresIsNamed() {
        DatabaseAddress database = new DatabaseAddress("jdbc:postgresql:x", "x", "x");

        Cli run = Cli.run(database, "-dir", folder.toString(), "--url=mysql://x", "up");

        assertOneLine(run, "\"mysql://x\": expected a URL like jdbc:postgresql://");
    }

    @Test
    void badSqlIsShownWithItsFileItsLineAndTheServersMessage() throws Exception {
        DatabaseAddress database = TestPostgres.emptyDatabase();
        Cli.write(folder.resolve("V0001__good.sql"), "create table good (x int);");
        Cli.write(
                folder.resolve("V0002__bad.sql"),
                "-- a comment\n\ncreate table half (x int);\n\ninsert into half\n  (x)\n  valuess (1);\n");

        Cli run = up(database);

        assertOneLine(run, "V0002__bad.sql:7: syntax error at or near \"valuess\"");
        assertThat(TestPostgres.column(database, "select to_regclass('half')::text"))
                .containsOnlyNulls();
        assertThat(TestPostgres.column(database, "select to_regclass('good')::text"))
                .containsExactly("good");
    }

    @Test
    void aRowThatViolatesAConstraintIsShownWithTheServersDetail() throws Exception {
        DatabaseAddress database = TestPostgres.emptyDatabase();
        Cli.write(
                folder.resolve("V0001__bad.sql"),
                "create table a (x int primary key);\ninsert into a values (1);\ninsert into a values (1);");

        Cli run = up(database);

        assertOneLine(run, "V0001__bad.sql:3: duplicate key value", "Key (x)=(1) already exists");
    }

    @Test
    void aFileThatChangedAfterItWasAppliedIsNamed() throws Exception {
        DatabaseAddress database = TestPostgres.emptyDatabase();
        Cli.write(folder.resolve("V0001__a.sql"), "create table a (x int);");
        Cli.run(database, "-dir", folder.toString(), "up");
        Cli.write(folder.resolve("V0001__a.sql"), "create table a (x bigint);");
        Cli.write(folder.resolve("V0002__b.sql"), "create table b (x int);");

        Cli run = up(database);

        assertOneLine(run, "V0001__a.sql: it was changed after it was applied");
        assertThat(TestPostgres.column(database, "select to_regclass('b')::text"))
                .containsOnlyNulls();
    }

    @Test
    void aFileThatIsGoneAfterItWasAppliedIsNamed() throws Exception {
        DatabaseAddress database = TestPostgres.emptyDatabase();
        Cli.write(folder.resolve("V0001__a.sql"), "create table a (x int);");
        Cli.write(folder.resolve("V0002__b.sql"), "create table b (x int);");
        Cli.run(database, "-dir", folder.toString(), "up");
        Files.delete(folder.resolve("V0001__a.sql"));

        assertOneLine(up(database), "V0001__a.sql: it was applied to this database, but the file is gone");
        assertThat(Cli.run(database, "-dir", folder.toString(), "status", "--check"))
                .satisfies(status -> assertThat(status.exitCode()).isEqualTo(1))
                .satisfies(status -> assertThat(status.out()).contains("missing"));
    }

    @Test
    void aFileThatComesLateWithALowNumberIsNamed() throws Exception {
        DatabaseAddress database = TestPostgres.emptyDatabase();
        Cli.write(folder.resolve("V0002__b.sql"), "create table b (x int);");
        Cli.run(database, "-dir", folder.toString(), "up");
        Cli.write(folder.resolve("V0001__a.sql"), "create table a (x int);");

        assertOneLine(up(database), "V0001__a.sql: a file with a higher number is applied already");
    }

    @Test
    void twoFilesWithOneNumberAreNamed() throws Exception {
        DatabaseAddress database = TestPostgres.emptyDatabase();
        Cli.write(folder.resolve("V0001__a.sql"), "create table a (x int);");
        Cli.write(folder.resolve("V0001__b.sql"), "create table b (x int);");

        assertOneLine(up(database), "V0001__a.sql", "V0001__b.sql");
    }

    @Test
    void aFileWithoutANumberIsNamed() throws Exception {
        DatabaseAddress database = TestPostgres.emptyDatabase();
        Cli.write(folder.resolve("add_phone.sql"), "create table a (x int);");

        assertOneLine(up(database), "add_phone.sql");
    }

    @Test
    void anUnknownFolderIsNamed() {
        Cli run = Cli.run(new DatabaseAddress("jdbc:postgresql:x", "x", "x"), "-dir", "nothing-here", "up");

        assertOneLine(run, "no folder nothing-here");
    }

    @Test
    void aDatabaseThatHasTheTablesButNoHistoryIsRefused() throws Exception {
        DatabaseAddress database = TestPostgres.emptyDatabase();
        TestPostgres.execute(database, "create table accounts (x int)");

        assertThatExceptionOfType(MigrationFault.class)
                .isThrownBy(() -> Schema.migrate(database.url(), database.user(), database.password()))
                .withMessageContaining("V0001__accounts_and_refresh_tokens.sql:")
                .withMessageContaining("relation \"accounts\" already exists");
    }

    @Test
    void aCommandLineThatIsNotOneExitsWithTwo() {
        DatabaseAddress database = new DatabaseAddress("jdbc:postgresql:x", "x", "x");

        assertThat(Cli.run(database, "up").exitCode()).isEqualTo(2);
        assertThat(Cli.run(database, "-dir", folder.toString()).exitCode()).isEqualTo(2);
        assertThat(Cli.run(database, "-dir", folder.toString(), "down").exitCode())
                .isEqualTo(2);
        assertThat(Cli.run(database, "-dir", folder.toString(), "create", "x").exitCode())
                .isEqualTo(2);
    }

    private Cli up(DatabaseAddress database) {
        return Cli.run(database, "-dir", folder.toString(), "up");
    }

    private static void assertOneLine(Cli run, String... parts) {
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("migrate: ")
                .contains(parts);
    }
}
