package io.tailrace.exporter.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.exporter.export.ExportPlan;
import io.tailrace.exporter.export.Range;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExportFolderTest {
    private final UUID job = UUID.randomUUID();

    private final Path path;
    private final ExportFolder folder;

    ExportFolderTest(@TempDir Path path) throws IOException {
        this.path = path;
        this.folder = new ExportFolder(path);
    }

    private static ExportPlan plan(long to) {
        return new ExportPlan("readings", List.of(new Range(0, 0, to)), 10, 1000, 0);
    }

    private void publish(String source, long from, long to) throws IOException {
        Path temporary = Files.writeString(folder.temporary(job, "1"), source + from);
        folder.publish(temporary, source, new Range(0, from, to));
    }

    @Test
    void theFirstPlanOfAJobIsTheOneThatAllItsAttemptsHave() throws IOException {
        assertThat(folder.plan(job)).isEmpty();
        assertThat(folder.keep(job, "1", plan(5))).isEqualTo(plan(5));
        assertThat(folder.keep(job, "2", plan(7))).isEqualTo(plan(5));
        assertThat(folder.plan(job)).contains(plan(5));
    }

    @Test
    void whatIsReachedIsCoveredWithoutAGap() throws IOException {
        Range range = new Range(0, 0, 100);
        assertThat(folder.reached("readings", range)).isZero();
        publish("readings", 0, 10);
        publish("readings", 10, 30);
        publish("readings", 40, 50);
        publish("feed", 30, 40);
        assertThat(folder.reached("readings", range)).isEqualTo(30);
        assertThat(folder.reached("readings", new Range(1, 0, 100))).isZero();
        assertThat(folder.reached("readings", new Range(0, 40, 45))).isEqualTo(45);
    }

    @Test
    void aFileOfTheSameNameIsReplacedAndWhatKilledAttemptsLeaveIsTidiedAway() throws IOException {
        publish("readings", 0, 10);
        publish("readings", 0, 10);
        Files.writeString(folder.temporary(job, "9"), "half a file");
        for (int i = 0; i < 30; i++) {
            folder.keep(UUID.randomUUID(), "1", plan(i));
        }

        folder.tidy();

        assertThat(folder.covered("readings")).hasSize(1);
        assertThat(path).isDirectoryNotContaining(file -> file.toString().endsWith(".tmp"));
        assertThat(path.toFile().list((folder, name) -> name.startsWith(".plan-")))
                .hasSize(20);
    }
}
