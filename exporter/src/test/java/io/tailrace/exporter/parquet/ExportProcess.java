package io.tailrace.exporter.parquet;

import io.tailrace.exporter.export.Bounds;
import io.tailrace.exporter.export.ExporterSettings;
import io.tailrace.exporter.export.LogRanges;
import io.tailrace.exporter.testing.TestSource;
import io.tailrace.kit.job.testing.FakeJob;
import io.tailrace.kit.kafka.KafkaSettings;
import java.nio.file.Path;
import java.util.UUID;

/** An attempt at an export in a process of its own, which a test can kill. */
public final class ExportProcess {
    private ExportProcess() {}

    /**
     * Runs it.
     *
     * @param args servers, topic, folder, job, token, rows of a file
     */
    public static void main(String[] args) throws Exception {
        ParquetExport export = new ParquetExport(
                new LogRanges(KafkaSettings.of(args[0])),
                new ExporterSettings(Path.of(args[2]), Integer.parseInt(args[5]), 1 << 26, 64));
        ParquetExport.Request request = new ParquetExport.Request("all", new TestSource(args[1], 2), Bounds.ALL);
        export.run(request, FakeJob.of(UUID.fromString(args[3]), Integer.parseInt(args[4])));
    }
}
