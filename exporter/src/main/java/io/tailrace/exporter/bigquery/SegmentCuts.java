package io.tailrace.exporter.bigquery;

import io.tailrace.exporter.export.ExportPlan;
import io.tailrace.exporter.export.FileCut;
import io.tailrace.exporter.export.LogRanges;
import io.tailrace.exporter.export.Range;
import io.tailrace.exporter.export.Source;
import io.tailrace.kit.job.JobContext;
import io.tailrace.kit.job.JobFailure;
import java.io.IOException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Cuts the log into segments, one after the other, and has each written before the next one is made. Confined to one thread; blocks. */
final class SegmentCuts {
    private final LogRanges log;
    private final Source source;
    private final ExportPlan plan;
    private final SegmentFolder folder;
    private final SegmentWriter segments;
    private final JobContext context;
    private final int appendBytes;
    private long skipped;

    SegmentCuts(
            LogRanges log,
            Source source,
            ExportPlan plan,
            SegmentFolder folder,
            SegmentWriter segments,
            JobContext context,
            int appendBytes) {
        this.log = log;
        this.source = source;
        this.plan = plan;
        this.folder = folder;
        this.segments = segments;
        this.context = context;
        this.appendBytes = appendBytes;
    }

    /** Records that were no rows. */
    long skipped() {
        return skipped;
    }

    /** Another attempt has made a segment that ends elsewhere, so what was read ahead is of no use. */
    private static final class Overtaken extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /** Exports what is left of a range. */
    void export(Range range) throws Exception {
        long at = reached(range);
        while (at < range.to()) {
            try (Cutting cutting = new Cutting(new Range(range.partition(), at, range.to()))) {
                log.read(source, cutting.left, context::isStopped, cutting::take);
                cutting.finish();
            } catch (Overtaken e) {
                // Its segment is there now, and is followed.
            }
            at = reached(range);
        }
    }

    /** Up to where there are segments without a gap; each of them is written. */
    private long reached(Range range) throws JobFailure, IOException, InterruptedException {
        long at = range.from();
        while (at < range.to()) {
            Optional<Segment> next = folder.at(source.name(), range.partition(), at);
            if (next.isEmpty()) {
                break;
            }
            segments.write(next.get(), false);
            at = next.get().to();
        }
        return at;
    }

    /** The segments of what is left of a partition. */
    private final class Cutting implements AutoCloseable {
        private final Range left;
        private final FileCut cut = new FileCut(plan);
        private final String writer = Long.toString(context.token());
        private long first;
        private @Nullable Spool open;

        Cutting(Range left) {
            this.left = left;
            this.first = left.from();
        }

        void take(ConsumerRecord<byte[], byte[]> record) throws Exception {
            Spool spool = open();
            Optional<@Nullable Object[]> row = source.row(record);
            if (row.isPresent()) {
                spool.add(segments.table().format().write(row.get()));
            } else {
                skipped++;
            }
            int size = Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
            if (cut.endsWith(size)) {
                end(record.offset() + 1);
            }
        }

        /** What is behind the last record, such as the marks of transactions, belongs to the last segment. */
        void finish() throws Exception {
            if (first < left.to()) {
                var unused = open();
                end(left.to());
            }
        }

        private Spool open() throws IOException {
            Spool spool = open;
            if (spool == null) {
                spool = new Spool(folder.temporary(context.id(), writer));
                open = spool;
            }
            return spool;
        }

        private void end(long to) throws Exception {
            Segment made;
            try (Spool spool = open()) {
                open = null;
                String stream = spool.rows() == 0 ? null : segments.table().create();
                made = new Segment(
                        source.name(),
                        left.partition(),
                        first,
                        to,
                        spool.rows(),
                        appendBytes,
                        segments.table().table().toString(),
                        stream,
                        false);
                spool.finish(made);
            }
            Segment counts = create(made);
            segments.write(counts, true);
            if (counts.to() != to) {
                throw new Overtaken();
            }
            first = to;
        }

        private Segment create(Segment made) throws JobFailure, IOException, InterruptedException {
            if (context.isStopped()) {
                throw new InterruptedException("told to stop");
            }
            // An attempt that was frozen for so long that its segments have been tidied away would write rows a second
            // time.
            if (folder.hasBehind(source.name(), left, first)
                    && folder.at(source.name(), left.partition(), first).isEmpty()) {
                throw JobFailure.lasting(
                        "overtaken", "Later attempts have exported what is behind offset " + first, null);
            }
            Segment counts = folder.create(folder.temporary(context.id(), writer), made);
            String stream = made.stream();
            if (stream != null && !stream.equals(counts.stream())) {
                segments.table().seal(stream);
            }
            return counts;
        }

        @Override
        public void close() throws IOException {
            if (open != null) {
                open.close();
            }
        }
    }
}
