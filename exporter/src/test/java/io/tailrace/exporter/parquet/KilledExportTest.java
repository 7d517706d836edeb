package io.tailrace.exporter.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A process that exports is killed five times. By hand with more readings: {@code -Dexport.readings=1000000}. */
@Timeout(600)
class KilledExportTest {
    private static final Logger LOG = LoggerFactory.getLogger(KilledExportTest.class);
    private static final int READINGS = Integer.getInteger("export.readings", 5_000);
    private static final int FILES = 20;

    @Test
    void everyReadingIsInTheFilesOnce(@TempDir Path folder) throws Exception {
        KilledExport export = new KilledExport(folder, READINGS / FILES);
        export.write(READINGS);

        export.run();

        LOG.info("{} kills; log {}, files {}", KilledExport.KILLS, export.ofLog(), export.ofFiles());
        assertThat(export.ofFiles()).isEqualTo(export.ofLog());
        assertThat(export.ofFiles().rows()).isEqualTo(READINGS);
        assertThat(export.files()).isEqualTo(FILES);
    }
}
