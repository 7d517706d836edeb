package io.tailrace.migrations;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Numbers of files: which ones there are, which one comes next, and which ones never could be applied. */
@Tag("server")
class NumberingTest {
    private static final DatabaseAddress NOWHERE = new DatabaseAddress("jdbc:postgresql://127.0.0.1:1/x", "x", "x");

    private final Path folder;

    NumberingTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @ParameterizedTest
    @CsvSource({
        "V0041__before.sql, V0042__next.sql",
        "V20260101120000__a.sql, V20260101120001__next.sql",
        "V2026.01.31__a.sql, V2027__next.sql",
        "V3.2__a.sql, V0004__next.sql",
        "V3_2__a.sql, V0004__next.sql",
        "V3_2_1__a.sql, V0004__next.sql",
        "V0007.0__a.sql, V0008__next.sql",
        "V99999999999999999999__a.sql, V100000000000000000000__next.sql",
        "later/V0012__a.sql, V0013__next.sql"
    })
    void createChoosesANumberAboveEveryOther(String present, String expected) {
        Cli.write(folder.resolve("V0001__first.sql"), "select 1;");
        Cli.write(folder.resolve(present), "select 1;");

        Cli run = Cli.run(NOWHERE, "-dir", folder.toString(), "create", "next", "sql");

        assertThat(run).isEqualTo(new Cli(0, folder.resolve(expected) + System.lineSeparator(), ""));
    }

    @Test
    void createRefusesANameThatIsTakenUnderAnyKindOfNumber() {
        Cli.write(folder.resolve("V20260101120000__first.sql"), "select 1;");

        Cli run = Cli.run(NOWHERE, "-dir", folder.toString(), "create", "first", "sql");

        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("\"first\": taken by ");
    }

    @Test
    void manyWhoCreateAtOnceGetDifferentNumbers() throws Exception {
        try (ExecutorService people = Executors.newFixedThreadPool(8)) {
            List<Callable<Cli>> all = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                String name = "file_" + i;
                all.add(() -> Cli.run(NOWHERE, "-dir", folder.toString(), "create", name, "sql"));
            }
            for (Future<Cli> each : people.invokeAll(all)) {
                assertThat(each.get().err()).isEmpty();
            }
        }
        List<String> files = SqlFolder.of(folder).files();
        assertThat(files).hasSize(24);
        assertThat(files.stream().map(file -> file.substring(0, file.indexOf("__"))))
                .doesNotHaveDuplicates();
    }

    @Test
    void aFileWithNumberZeroIsRefusedInAnEmptyDatabaseAndBesideOtherTables() throws Exception {
        Cli.write(folder.resolve("V0000__a.sql"), "create table a (x int);");
        DatabaseAddress empty = TestPostgres.emptyDatabase();
        DatabaseAddress used = TestPostgres.emptyDatabase();
        TestPostgres.execute(used, "create table other (x int)");

        for (DatabaseAddress database : List.of(empty, used)) {
            for (int again = 0; again < 2; again++) {
                Cli up = Cli.run(database, "-dir", folder.toString(), "up");
                assertThat(up.exitCode()).isEqualTo(1);
                assertThat(up.err().lines())
                        .singleElement()
                        .isEqualTo(
                                "migrate: V0000__a.sql: numbers begin with 1; give it a number that no other file has");
            }
            assertThat(Cli.run(database, "-dir", folder.toString(), "status").out())
                    .containsPattern("V0000__a.sql +number 0")
                    .contains("numbers begin with 1");
        }
    }

    @Test
    void aFileBelowABaselineThatSomebodySetIsDoneAndNotPendingForEver() throws Exception {
        DatabaseAddress database = TestPostgres.emptyDatabase();
        Cli.write(folder.resolve("V0001__a.sql"), "create table a (x int);");
        Cli.run(database, "-dir", folder.toString(), "up");
        TestPostgres.execute(
                database, "update schema_history set type = 'BASELINE', script = '<<Baseline>>', checksum = null");

        Cli up = Cli.run(database, "-dir", folder.toString(), "up");
        Cli status = Cli.run(database, "-dir", folder.toString(), "status", "--check");

        assertThat(up).isEqualTo(new Cli(0, "nothing to apply" + System.lineSeparator(), ""));
        assertThat(status.out()).containsPattern("V0001__a.sql +baseline");
        assertThat(status.exitCode()).isZero();
    }

    @Test
    void anOlderCommandLineLeavesAloneWhatANewerOneHasApplied() throws Exception {
        DatabaseAddress database = TestPostgres.emptyDatabase();
        Path older = folder.resolve("older");
        Path newer = folder.resolve("newer");
        Cli.write(older.resolve("V0001__a.sql"), "create table a (x int);");
        Cli.write(newer.resolve("V0001__a.sql"), "create table a (x int);");
        Cli.write(newer.resolve("V0002__b.sql"), "create table b (x int);");
        Cli.run(database, "-dir", newer.toString(), "up");

        Cli up = Cli.run(database, "-dir", older.toString(), "up");
        Cli status = Cli.run(database, "-dir", older.toString(), "status", "--check");

        assertThat(up).isEqualTo(new Cli(0, "nothing to apply" + System.lineSeparator(), ""));
        assertThat(status.out()).containsPattern("V0002__b.sql +newer");
        assertThat(status.exitCode()).isZero();
    }
}
