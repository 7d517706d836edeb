package io.tailrace.exporter.parquet;

import io.tailrace.exporter.export.Bounds;
import io.tailrace.exporter.export.ExportPlan;
import io.tailrace.exporter.export.ExporterSettings;
import io.tailrace.exporter.export.FileCut;
import io.tailrace.exporter.export.LogRanges;
import io.tailrace.exporter.export.Range;
import io.tailrace.exporter.export.Source;
import io.tailrace.kit.job.JobContext;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Writes a source to the Parquet files of a folder. An attempt that is killed leaves whole files, and the next one goes on behind them.
 * Thread-safe, with one job at a time for each folder.
 */
@Singleton
public final class ParquetExport {
    private final LogRanges log;
    private final ExporterSettings settings;

    /** Reads this log. */
    public ParquetExport(LogRanges log, ExporterSettings settings) {
        this.log = log;
        this.settings = settings;
    }

    /**
     * What a job exports.
     *
     * @param name of the export, which is its folder
     */
    public record Request(String name, Source source, Bounds bounds) {}

    /**
     * What a job has exported, by all its attempts.
     *
     * @param rows in the files
     * @param files that cover the ranges
     * @param records that are no rows, as far as this attempt has seen them
     * @param lost records that the log had no longer
     */
    public record Result(long rows, int files, long records, long lost, List<Range> ranges) {}

    /**
     * Runs an attempt.
     *
     * @throws InterruptedException if it is told to stop
     * @throws IOException if the folder cannot be written
     */
    public Result run(Request request, JobContext context) throws Exception {
        ExportFolder folder =
                new ExportFolder(settings.folder().toAbsolutePath().resolve(request.name()));
        Source source = request.source();
        folder.tidy();
        Optional<ExportPlan> begun = folder.plan(context.id());
        ExportPlan plan = begun.isPresent()
                ? begun.get()
                : folder.keep(
                        context.id(),
                        writer(context),
                        log.plan(source, request.bounds(), folder.exported(source.name()), settings));
        Attempt attempt = new Attempt(folder, source, plan, context);
        for (Range range : plan.ranges()) {
            attempt.export(range);
        }
        List<Path> files = folder.covered(source.name()).stream()
                .filter(file -> plan.ranges().stream().anyMatch(range -> isIn(file.range(), range)))
                .map(ExportFolder.Covered::file)
                .toList();
        return new Result(ParquetFile.rows(files), files.size(), attempt.skipped, plan.lost(), plan.ranges());
    }

    private static boolean isIn(Range file, Range range) {
        return file.partition() == range.partition() && file.from() >= range.from() && file.to() <= range.to();
    }

    private static String writer(JobContext context) {
        return Long.toString(context.token());
    }

    /** One attempt; confined to one thread. */
    private final class Attempt {
        private final ExportFolder folder;
        private final Source source;
        private final ExportPlan plan;
        private final JobContext context;
        private long done;
        private long skipped;

        Attempt(ExportFolder folder, Source source, ExportPlan plan, JobContext context) {
            this.folder = folder;
            this.source = source;
            this.plan = plan;
            this.context = context;
        }

        void export(Range range) throws Exception {
            long reached = folder.reached(source.name(), range);
            done += reached - range.from();
            if (reached < range.to()) {
                try (Files files = new Files(new Range(range.partition(), reached, range.to()))) {
                    log.read(source, files.left, context::isStopped, files::take);
                    files.finish();
                }
            }
        }

        /** The files of what is left of a partition, one after the other. */
        private final class Files implements AutoCloseable {
            private final Range left;
            private final FileCut cut = new FileCut(plan);
            private final Path temporary = folder.temporary(context.id(), writer(context));
            private long first;
            private @Nullable ParquetFile open;

            Files(Range left) {
                this.left = left;
                this.first = left.from();
            }

            void take(ConsumerRecord<byte[], byte[]> record) throws SQLException, IOException, InterruptedException {
                ParquetFile file = open();
                Optional<@Nullable Object[]> row = source.row(record);
                if (row.isPresent()) {
                    file.add(row.get());
                } else {
                    skipped++;
                }
                int size = Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
                if (cut.endsWith(size)) {
                    end(record.offset() + 1);
                }
            }

            /** What is behind the last record, such as the marks of transactions, belongs to the last file. */
            void finish() throws SQLException, IOException, InterruptedException {
                if (first < left.to()) {
                    open();
                    end(left.to());
                }
            }

            private ParquetFile open() throws SQLException {
                ParquetFile file = open;
                if (file == null) {
                    file = new ParquetFile(source.columns(), settings.memory());
                    open = file;
                }
                return file;
            }

            private void end(long to) throws SQLException, IOException, InterruptedException {
                try (ParquetFile file = open()) {
                    file.write(temporary);
                }
                open = null;
                if (context.isStopped()) {
                    throw new InterruptedException("told to stop");
                }
                folder.publish(temporary, source.name(), new Range(left.partition(), first, to));
                done += to - first;
                first = to;
                context.progress(
                        plan.length() == 0 ? 1.0 : Math.min(1.0, (double) done / plan.length()),
                        String.format(Locale.ROOT, "partition %d to offset %d", left.partition(), to));
            }

            @Override
            public void close() throws SQLException {
                if (open != null) {
                    open.close();
                }
            }
        }
    }
}
