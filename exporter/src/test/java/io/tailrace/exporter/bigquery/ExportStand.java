package io.tailrace.exporter.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tailrace.exporter.export.Bounds;
import io.tailrace.exporter.export.ExporterSettings;
import io.tailrace.exporter.export.LogRanges;
import io.tailrace.exporter.testing.Tally;
import io.tailrace.exporter.testing.TestBroker;
import io.tailrace.exporter.testing.TestSource;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.testing.FakeJob;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** A topic of a real broker, a folder and a stand-in for BigQuery, and one job between them. */
final class ExportStand implements AutoCloseable {
    private static final TestBroker BROKER = TestBroker.shared();
    private static final int PARTITIONS = 2;

    /** A dozen readings: each segment takes several appends. */
    private static final int APPEND_BYTES = 1_500;

    private final TestSource source = new TestSource("readings-" + UUID.randomUUID(), PARTITIONS);
    private final UUID job = UUID.randomUUID();
    private final BigQueryStandIn bigQuery = new BigQueryStandIn();
    private final Path folder;
    private long written;

    ExportStand(Path folder) throws IOException {
        this.folder = folder;
        BROKER.create(source.topic(), source.partitions());
        bigQuery.table(ReadingsTable.TABLE, ReadingsTable.schema());
    }

    String topic() {
        return source.topic();
    }

    UUID job() {
        return job;
    }

    BigQueryStandIn bigQuery() {
        return bigQuery;
    }

    void write(int readings) {
        for (int i = 0; i < readings; i++) {
            BROKER.send(TestBroker.reading(source.topic(), (int) (written % PARTITIONS), written));
            written++;
        }
    }

    BigQueryExport export(int rowsPerSegment) {
        return export(rowsPerSegment, BigQueryStandIn.clients(bigQuery.port(), Duration.ofSeconds(30)));
    }

    BigQueryExport answersWithin(Duration timeout) {
        return export(100, BigQueryStandIn.clients(bigQuery.port(), timeout));
    }

    BigQueryExport export(int rowsPerSegment, BigQueryClients clients) {
        return new BigQueryExport(
                new LogRanges(BROKER.settings()),
                new ExporterSettings(folder, rowsPerSegment, 1 << 20, 64),
                clients,
                APPEND_BYTES);
    }

    BigQueryExport.Request request() {
        return request(Long.MAX_VALUE);
    }

    BigQueryExport.Request request(long most) {
        return new BigQueryExport.Request("all", source, new Bounds(null, null, most), ReadingsTable.TABLE);
    }

    BigQueryExport.Request request(TableId table) {
        return new BigQueryExport.Request("all", source, Bounds.ALL, table);
    }

    FakeJob attempt(int token) {
        return FakeJob.of(job, token);
    }

    /** Runs an attempt that fails. */
    JobFailure fails(BigQueryExport export, int token, String type, boolean isFinal) {
        JobFailure failure = catchThrowableOfType(JobFailure.class, () -> export.run(request(), attempt(token)));
        assertThat(failure).as("the failure " + type).isNotNull();
        assertThat(failure.type()).isEqualTo(type);
        assertThat(failure.isFinal()).isEqualTo(isFinal);
        assertThat(failure.isCounted()).isTrue();
        return failure;
    }

    Tally ofLog() throws Exception {
        return Tally.ofLog(BROKER.settings(), source);
    }

    Tally ofTable() {
        return ReadingsTable.tally(bigQuery);
    }

    List<Segment> segments() throws IOException {
        return new SegmentFolder(folder.resolve("all")).segments(source.name());
    }

    long bytesOfSegments() throws IOException {
        SegmentFolder segments = new SegmentFolder(folder.resolve("all"));
        long bytes = 0;
        for (Segment each : segments.segments(source.name())) {
            bytes += Files.size(segments.file(each));
        }
        return bytes;
    }

    @Override
    public void close() {
        bigQuery.close();
    }
}
