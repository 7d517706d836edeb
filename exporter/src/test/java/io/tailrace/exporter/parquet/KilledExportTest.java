package io.tailrace.exporter.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.exporter.testing.KilledExport;
import io.tailrace.exporter.testing.Tally;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process that exports is killed five times. By hand with more readings: {@code -Dexport.readings=1000000}. */
@Timeout(600)
@Tag("server")
class KilledExportTest {
    private static final Logger LOG = LoggerFactory.getLogger(KilledExportTest.class);
    private static final int READINGS = Integer.getInteger("export.readings", 5_000);
    private static final int FILES = 20;

    @Test
    void everyReadingIsInTheFilesOnce(@TempDir Path folder) throws Exception {
        KilledExport export =
                new KilledExport(folder, READINGS / FILES, ExportProcess.class, () -> files(folder.resolve("all")));
        export.write(READINGS);

        export.run();

        Tally files = Tally.ofFiles(folder.resolve("all"));
        LOG.info("{} kills; log {}, files {}", KilledExport.KILLS, export.ofLog(), files);
        assertThat(files).isEqualTo(export.ofLog());
        assertThat(files.rows()).isEqualTo(READINGS);
        assertThat(files(folder.resolve("all"))).isEqualTo(FILES);
    }

    private static long files(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(".parquet")).count();
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
