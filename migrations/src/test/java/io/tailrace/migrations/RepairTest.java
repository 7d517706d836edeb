package io.tailrace.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left behind by a file that failed half-way outside a transaction, and how it is cleared. */
@Tag("server")
class RepairTest {
    private static final String FAILS = "create unique index concurrently a_x on a (x);";

    private final Path folder;
    private DatabaseAddress database = new DatabaseAddress("jdbc:postgresql:", "", "");

    RepairTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @BeforeEach
    void aTableWithTwoEqualRows() throws Exception {
        database = TestPostgres.emptyDatabase();
        Cli.write(
                folder.resolve("V0001__a.sql"),
                "create table a (x int);\ninsert into a values (1);\ninsert into a values (1);");
        assertThat(run("up").exitCode()).isZero();
    }

    @Test
    void aFailureOutsideATransactionSaysWhatStaysAndWhichCommandsClearIt() {
        Cli.write(folder.resolve("V0002__b.sql"), FAILS);

        Cli first = run("up");
        Cli second = run("up");

        String todo =
                "undo by hand what its statements did (an index that was built concurrently is left behind, invalid:"
                        + " drop it), mend the file, and run: ./tailrace migrate -dir " + folder + " repair, then up";
        assertThat(first.exitCode()).isEqualTo(1);
        assertThat(first.err().lines())
                .singleElement()
                .asString()
                .startsWith("migrate: V0002__b.sql:1: could not create unique index \"a_x\"")
                .contains(todo);
        assertThat(second.exitCode()).isEqualTo(1);
        assertThat(second.err()).contains("V0002__b.sql: it failed half-way outside a transaction", todo);
        assertThat(run("status").out()).containsPattern("V0002__b.sql +failed").contains(todo);
    }

    @Test
    void repairForgetsTheFailureAndUpAppliesTheMendedFile() throws Exception {
        Cli.write(folder.resolve("V0002__b.sql"), FAILS);
        run("up");

        Cli repair = run("repair");
        Cli.write(
                folder.resolve("V0002__b.sql"),
                "drop index concurrently if exists a_x;\ncreate index concurrently a_x on a (x);");
        Cli up = run("up");

        assertThat(repair)
                .isEqualTo(new Cli(
                        0,
                        "forgot that V0002__b.sql failed; up applies it from its first statement on"
                                + System.lineSeparator(),
                        ""));
        assertThat(up.err()).isEmpty();
        assertThat(up.out()).contains("applied V0002__b.sql");
        assertThat(run("status", "--check").exitCode()).isZero();
    }

    @Test
    void repairForgetsTheFailureOfAFileThatIsGone() throws Exception {
        Cli.write(folder.resolve("V0002__b.sql"), FAILS);
        run("up");
        java.nio.file.Files.delete(folder.resolve("V0002__b.sql"));

        assertThat(run("up").err()).contains("V0002__b.sql: it failed half-way");
        assertThat(run("repair").out()).contains("forgot that V0002__b.sql failed");
        assertThat(run("up")).isEqualTo(new Cli(0, "nothing to apply" + System.lineSeparator(), ""));
    }

    @Test
    void repairLeavesChangedAndMissingFilesTheFaultsThatTheyAre() {
        Cli.write(folder.resolve("V0001__a.sql"), "create table other (x int);");

        Cli repair = run("repair");

        assertThat(repair).isEqualTo(new Cli(0, "nothing to repair" + System.lineSeparator(), ""));
        assertThat(run("up").err()).contains("V0001__a.sql: it was changed after it was applied");
    }

    @Test
    void repairOfADatabaseWithoutAHistoryDoesNothing() throws Exception {
        database = TestPostgres.emptyDatabase();

        assertThat(run("repair")).isEqualTo(new Cli(0, "nothing to repair" + System.lineSeparator(), ""));
        assertThat(TestPostgres.column(database, "select to_regclass('schema_history')::text"))
                .containsOnlyNulls();
    }

    @Test
    void aFileThatMixesStatementsInAndOutOfTransactionsIsNamed() throws Exception {
        Cli.write(
                folder.resolve("V0002__mixed.sql"), "create table b (x int);\ncreate index concurrently b_x on b (x);");

        Cli run = run("up");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("migrate: V0002__mixed.sql: it mixes statements in and out of transactions")
                .contains("create index concurrently", "a file of its own");
        assertThat(TestPostgres.column(database, "select to_regclass('b')::text"))
                .containsOnlyNulls();
    }

    @Test
    void filesBeforeAMixedOneAreApplied() throws Exception {
        Cli.write(folder.resolve("V0002__good.sql"), "create table good (x int);");
        Cli.write(
                folder.resolve("V0003__mixed.sql"),
                "create index concurrently good_x on good (x);\ninsert into good values (1);");

        Cli run = run("up");

        assertThat(run.err()).startsWith("migrate: V0003__mixed.sql: ");
        assertThat(run("status").out()).containsPattern("V0002__good.sql +applied");
    }

    private Cli run(String... command) {
        String[] all = new String[command.length + 2];
        all[0] = "-dir";
        all[1] = folder.toString();
        System.arraycopy(command, 0, all, 2, command.length);
        return Cli.run(database, all);
    }
}
