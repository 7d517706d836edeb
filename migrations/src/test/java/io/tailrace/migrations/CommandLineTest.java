package io.tailrace.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class CommandLineTest {
    private static final DatabaseAddress NOWHERE = new DatabaseAddress("jdbc:postgresql://127.0.0.1:1/x", "x", "x");

    private final Path folder;

    CommandLineTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void createWritesAFileWithTheNextNumberAndSaysWhereItIs() throws Exception {
        Cli.write(folder.resolve("sql/V0041__before.sql"), "select 1;");

        Cli run = Cli.run(NOWHERE, "-dir", folder.toString(), "create", "add_phone", "sql");

        Path file = folder.resolve("sql/V0042__add_phone.sql");
        assertThat(run).isEqualTo(new Cli(0, file + System.lineSeparator(), ""));
        assertThat(Files.readString(file)).startsWith("-- add phone: say here what changes and why.\n");
    }

    @Test
    void aFolderWithoutASqlFolderHoldsTheFilesItself() {
        Cli run = Cli.run(NOWHERE, "-dir", folder.toString(), "create", "first", "sql");

        assertThat(run.exitCode()).isZero();
        assertThat(folder.resolve("V0001__first.sql")).exists();
    }

    @Test
    void createRefusesANameThatIsTaken() throws Exception {
        Path taken = folder.resolve("V0001__first.sql");
        Cli.write(taken, "select 1;");

        Cli run = Cli.run(NOWHERE, "-dir", folder.toString(), "create", "first", "sql");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).containsOnlyOnce("\n").contains("\"first\": taken by " + taken);
        assertThat(Files.readString(taken)).isEqualTo("select 1;");
        assertThat(folder).isDirectoryNotContaining("glob:**V0002*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Add", "add-phone", "../up", "a b", "é", "a\nb"})
    void createRefusesANameThatIsNotOfTheForm(String name) {
        Cli run = Cli.run(NOWHERE, "-dir", folder.toString(), "create", name, "sql");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).containsOnlyOnce("\n").contains("expected [a-z0-9_]+");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void createKnowsNoKindButSql() {
        Cli run = Cli.run(NOWHERE, "-dir", folder.toString(), "create", "first", "java");

        assertThat(run).isEqualTo(new Cli(1, "", "migrate: kind \"java\": expected sql" + System.lineSeparator()));
    }

    @Test
    void upAppliesWhatIsPendingAndThenNothing() throws Exception {
        DatabaseAddress database = TestPostgres.emptyDatabase();
        Cli.write(folder.resolve("V0001__a.sql"), "create table a (x int);");
        Cli.write(folder.resolve("V0002__b.sql"), "insert into a values (1); -- ${not.a.placeholder}");

        Cli first = Cli.run(database, "-dir", folder.toString(), "up");
        Cli second = Cli.run(database, "-dir", folder.toString(), "up");

        assertThat(first.err()).isEmpty();
        assertThat(first.out())
                .containsSubsequence("applied V0001__a.sql in ", "applied V0002__b.sql in ", "2 applied");
        assertThat(second).isEqualTo(new Cli(0, "nothing to apply" + System.lineSeparator(), ""));
        assertThat(TestPostgres.column(database, "select x from a")).containsExactly("1");
    }

    @Test
    void anIndexCanBeBuiltConcurrently() throws Exception {
        DatabaseAddress database = TestPostgres.emptyDatabase();
        Cli.write(folder.resolve("V0001__a.sql"), "create table a (x int);");
        Cli.write(folder.resolve("V0002__b.sql"), "create index concurrently a_x on a (x);");

        Cli run = Cli.run(database, "-dir", folder.toString(), "up");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void statusShowsWhatIsAppliedAndWhatIsPending() throws Exception {
        DatabaseAddress database = TestPostgres.emptyDatabase();
        Cli.write(folder.resolve("V0001__a.sql"), "create table a (x int);");
        Cli.run(database, "-dir", folder.toString(), "up");
        Cli.write(folder.resolve("V0002__b.sql"), "create table b (x int);");

        Cli status = Cli.run(database, "-dir", folder.toString(), "status");

        assertThat(status.exitCode()).isZero();
        assertThat(status.out().lines())
                .satisfiesExactly(
                        head -> assertThat(head).matches("file +state +applied at"),
                        one -> assertThat(one).matches("V0001__a.sql +applied +20\\S+Z"),
                        two -> assertThat(two).matches("V0002__b.sql +pending +-"));
    }

    @Test
    void statusWithCheckFailsWhileSomethingIsPending() throws Exception {
        DatabaseAddress database = TestPostgres.emptyDatabase();
        Cli.write(folder.resolve("V0001__a.sql"), "create table a (x int);");

        assertThat(Cli.run(database, "-dir", folder.toString(), "status", "--check")
                        .exitCode())
                .isEqualTo(1);
        Cli.run(database, "-dir", folder.toString(), "up");
        assertThat(Cli.run(database, "-dir", folder.toString(), "status", "--check")
                        .exitCode())
                .isZero();
    }

    @Test
    void theFolderMigrationsAndTheJarAreOneHistory() throws Exception {
        DatabaseAddress database = TestPostgres.emptyDatabase();
        assertThat(Schema.migrate(database.url(), database.user(), database.password()))
                .isNotEmpty();

        Cli status = Cli.run(database, "-dir", "../migrations", "status", "--check");

        assertThat(status.exitCode()).as(status.out()).isZero();
    }

    @Test
    void seedsHaveAHistoryOfTheirOwn() throws Exception {
        DatabaseAddress database = TestPostgres.emptyDatabase();
        Path seeds = folder.resolve("seeds");
        Cli.write(seeds.resolve("sql/V0001__demo.sql"), "create table demo (x int);");

        Cli first = Cli.run(database, "-dir", seeds.toString(), "up");
        Cli schema = Cli.run(database, "-dir", "../migrations", "up");

        assertThat(first.err() + schema.err()).isEmpty();
        assertThat(TestPostgres.column(database, "select script from seed_history where type = 'SQL'"))
                .containsExactly("V0001__demo.sql");
        assertThat(TestPostgres.column(database, "select script from schema_history where type = 'SQL'"))
                .doesNotContain("V0001__demo.sql")
                .isNotEmpty();
    }

    @Test
    void flagsWinOverTheEnvironment() throws Exception {
        DatabaseAddress database = TestPostgres.emptyDatabase();
        Cli.write(folder.resolve("V0001__a.sql"), "create table a (x int);");

        Cli run = Cli.run(
                NOWHERE,
                "-dir=" + folder,
                "--url=" + database.url(),
                "--user=" + database.user(),
                "--password=" + database.password(),
                "up");

        assertThat(run.exitCode()).as(run.err()).isZero();
    }
}
