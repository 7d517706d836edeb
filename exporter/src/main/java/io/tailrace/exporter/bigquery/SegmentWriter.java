package io.tailrace.exporter.bigquery;

import com.google.protobuf.ByteString;
import io.tailrace.kit.job.JobContext;
import io.tailrace.kit.job.JobFailure;
import java.io.IOException;
import java.util.List;
import java.util.Locale;

/** Writes segments to their streams, from the row on that BigQuery says is missing. Confined to one thread; blocks. */
final class SegmentWriter {
    /** How often a stream may send us back to rows that we had been told were there. */
    private static final int MOST_STEPS_BACK = 3;

    private final SegmentFolder folder;
    private final TableWriter table;
    private final JobContext context;
    private final long length;
    private long done;

    /**
     * For one attempt.
     *
     * @param length how many offsets the job exports
     */
    SegmentWriter(SegmentFolder folder, TableWriter table, JobContext context, long length) {
        this.folder = folder;
        this.table = table;
        this.context = context;
        this.length = length;
    }

    TableWriter table() {
        return table;
    }

    /**
     * Has BigQuery have all rows of a segment.
     *
     * @param isOfJob whether it counts for how far the job is
     */
    void write(Segment segment, boolean isOfJob) throws JobFailure, IOException, InterruptedException {
        if (!segment.written()) {
            try {
                append(segment, isOfJob);
            } catch (JobFailure failure) {
                // Another attempt, which has gone on meanwhile, has written it to the end and closed its stream.
                if (folder.at(segment.source(), segment.partition(), segment.from())
                        .filter(Segment::written)
                        .isEmpty()) {
                    throw failure;
                }
            }
        }
        done += isOfJob ? segment.range().length() : 0;
    }

    private void append(Segment segment, boolean isOfJob) throws JobFailure, IOException, InterruptedException {
        String stream = segment.stream();
        if (stream != null) {
            long row = 0;
            int stepsBack = 0;
            try (SpooledRows rows = new SpooledRows(folder.file(segment), segment)) {
                while (row < segment.rows()) {
                    if (context.isStopped()) {
                        throw new InterruptedException("told to stop");
                    }
                    List<ByteString> some = rows.from(row);
                    long next =
                            switch (table.append(stream, row, some)) {
                                case Appended.Written() -> row + some.size();
                                // Appends are cut alike by all attempts, so if the first row is there all of them are.
                                case Appended.Exists(long end) -> end < 0 ? row + some.size() : end;
                                case Appended.Missing(long end) -> Math.max(0, end);
                            };
                    stepsBack += next <= row ? 1 : 0;
                    if (next > segment.rows() || stepsBack > MOST_STEPS_BACK) {
                        throw outOfStep(segment, row, next);
                    }
                    row = next;
                    tell(segment, row, isOfJob);
                }
            }
        }
        var unused = folder.written(segment, context.id(), Long.toString(context.token()));
        if (stream != null) {
            table.seal(stream);
        }
    }

    private static JobFailure outOfStep(Segment segment, long row, long next) {
        return JobFailure.lasting(
                "stream_out_of_step",
                String.format(
                        Locale.ROOT,
                        "BigQuery wants row %d of %d after row %d of partition %d, offset %d: somebody else has"
                                + " written to its stream, or it has lost rows that it had acknowledged",
                        next,
                        segment.rows(),
                        row,
                        segment.partition(),
                        segment.from()),
                null);
    }

    private void tell(Segment segment, long row, boolean isOfJob) {
        double share = (double) row / Math.max(1, segment.rows());
        double offsets = done + (isOfJob ? segment.range().length() * share : 0);
        context.progress(
                length == 0 ? 1.0 : Math.min(1.0, offsets / length),
                String.format(
                        Locale.ROOT,
                        "partition %d from offset %d: %d of %d rows",
                        segment.partition(),
                        segment.from(),
                        row,
                        segment.rows()));
    }
}
