package io.tailrace.exporter.bigquery;

import io.tailrace.exporter.export.Bounds;
import io.tailrace.exporter.export.ExportPlan;
import io.tailrace.exporter.export.ExporterSettings;
import io.tailrace.exporter.export.LogRanges;
import io.tailrace.exporter.export.Range;
import io.tailrace.exporter.export.Source;
import io.tailrace.kit.job.JobContext;
import io.tailrace.kit.job.JobFailure;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Writes a source to a table of BigQuery. What is to be written is decided in segments, which are files; an attempt that is killed leaves them, and
 * the next one goes on with them. Thread-safe, with one job at a time for each name.
 */
@Singleton
public final class BigQueryExport {
    /** BigQuery takes ten times as many in an append, and no row is larger than a record of Kafka. */
    private static final int APPEND_BYTES = 1 << 20;

    private final LogRanges log;
    private final ExporterSettings settings;
    private final BigQueryClients clients;
    private final int appendBytes;

    /** Reads this log. */
    @Inject
    public BigQueryExport(LogRanges log, ExporterSettings settings, BigQueryClients clients) {
        this(log, settings, clients, APPEND_BYTES);
    }

    /** With appends of another size. */
    BigQueryExport(LogRanges log, ExporterSettings settings, BigQueryClients clients, int appendBytes) {
        this.log = log;
        this.settings = settings;
        this.clients = clients;
        this.appendBytes = appendBytes;
    }

    /**
     * What a job exports.
     *
     * @param name of the export, which is its folder
     */
    public record Request(String name, Source source, Bounds bounds, TableId table) {}

    /**
     * What a job has exported, by all its attempts.
     *
     * @param rows in the table
     * @param segments that cover the ranges
     * @param records that are no rows, as far as this attempt has seen them
     * @param lost records that the log had no longer
     */
    public record Result(long rows, int segments, long records, long lost, List<Range> ranges) {}

    /**
     * Runs an attempt.
     *
     * @throws InterruptedException if it is told to stop
     * @throws IOException if the folder cannot be written
     * @throws JobFailure if BigQuery refuses, or does not answer
     */
    public Result run(Request request, JobContext context) throws Exception {
        SegmentFolder folder =
                new SegmentFolder(settings.folder().toAbsolutePath().resolve(request.name()));
        Source source = request.source();
        folder.tidy();
        checkTable(folder, request);
        ExportPlan plan = plan(folder, request, context);
        long skipped;
        try (TableWriter writer = new TableWriter(clients, request.table(), source.columns(), context.attempt())) {
            SegmentWriter segments = new SegmentWriter(folder, writer, context, plan.length());
            for (Segment left : folder.segments(source.name())) {
                segments.write(left, plan.ranges().stream().anyMatch(range -> isIn(left.range(), range)));
            }
            SegmentCuts cuts = new SegmentCuts(log, source, plan, folder, segments, context, appendBytes);
            for (Range range : plan.ranges()) {
                cuts.export(range);
            }
            skipped = cuts.skipped();
        }
        List<Segment> all = folder.segments(source.name()).stream()
                .filter(segment -> plan.ranges().stream().anyMatch(range -> isIn(segment.range(), range)))
                .toList();
        return new Result(all.stream().mapToLong(Segment::rows).sum(), all.size(), skipped, plan.lost(), plan.ranges());
    }

    /** An export has one table, because its position is in that table. */
    private static void checkTable(SegmentFolder folder, Request request) throws IOException, JobFailure {
        Optional<Segment> other = folder.segments(request.source().name()).stream()
                .filter(segment -> segment.rows() > 0)
                .filter(segment -> !segment.table().equals(request.table().toString()))
                .findFirst();
        if (other.isPresent()) {
            throw JobFailure.lasting(
                    "invalid_payload",
                    "table: \"" + request.table() + "\", but the export " + request.name() + " writes "
                            + request.source().name() + " to " + other.get().table()
                            + "; another table needs an export of another name",
                    null);
        }
    }

    private ExportPlan plan(SegmentFolder folder, Request request, JobContext context) throws IOException {
        Optional<ExportPlan> begun = folder.plan(context.id());
        if (begun.isPresent()) {
            return begun.get();
        }
        String source = request.source().name();
        folder.forget(source);
        return folder.keepPlan(
                context.id(),
                Long.toString(context.token()),
                log.plan(request.source(), request.bounds(), folder.exported(source), settings));
    }

    private static boolean isIn(Range segment, Range range) {
        return segment.partition() == range.partition()
                && segment.from() >= range.from()
                && segment.from() < range.to();
    }
}
