package io.tailrace.exporter.bigquery;

import io.tailrace.exporter.export.Bounds;
import io.tailrace.exporter.export.ExporterSettings;
import io.tailrace.exporter.export.LogRanges;
import io.tailrace.exporter.testing.TestSource;
import io.tailrace.kit.job.testing.FakeJob;
import io.tailrace.kit.kafka.KafkaSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/** An attempt at an export to the stand-in in a process of its own, which a test can kill. */
public final class BigQueryExportProcess {
    private BigQueryExportProcess() {}

    /**
     * Runs it.
     *
     * @param args servers, topic, folder, job, token, rows of a segment, port of the stand-in, bytes of an append
     */
    public static void main(String[] args) throws Exception {
        BigQueryExport export = new BigQueryExport(
                new LogRanges(KafkaSettings.of(args[0])),
                new ExporterSettings(Path.of(args[2]), Integer.parseInt(args[5]), 1 << 26, 64),
                BigQueryStandIn.clients(Integer.parseInt(args[6]), Duration.ofMinutes(1)),
                Integer.parseInt(args[7]));
        BigQueryExport.Request request =
                new BigQueryExport.Request("all", new TestSource(args[1], 2), Bounds.ALL, ReadingsTable.TABLE);
        var unused = export.run(request, FakeJob.of(UUID.fromString(args[3]), Integer.parseInt(args[4])));
        // The client's threads that wait for closed connections are not waited for.
        System.exit(0);
    }
}
