package io.tailrace.exporter.export;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a job exports. It is made by the first attempt and kept, so that all attempts make the same files: where a file ends follows from the
 * plan and the log alone. Pure.
 *
 * @param source its name
 * @param ranges of each partition
 * @param rowsPerFile the most records in a file
 * @param bytesPerFile a file ends with the record that brings its records to so many bytes
 * @param lost records that the log has no longer, though no earlier job has exported them
 */
public record ExportPlan(String source, List<Range> ranges, int rowsPerFile, long bytesPerFile, long lost) {
    /** Copies the list. */
    public ExportPlan {
        ranges = List.copyOf(ranges);
    }

    /**
     * The plan of a job that begins now.
     *
     * @param available what the log has within the bounds
     * @param exported up to where earlier jobs have exported each partition
     */
    static ExportPlan of(
            Source source,
            Bounds bounds,
            List<Range> available,
            Map<Integer, Long> exported,
            ExporterSettings settings) {
        List<Range> ranges = new ArrayList<>();
        long lost = 0;
        for (Range there : available) {
            long reached = exported.getOrDefault(there.partition(), 0L);
            long from = Math.max(there.from(), reached);
            // Between what was exported and where the log begins now; whoever names a time wants nothing of before.
            lost += bounds.from() == null && reached > 0 ? Math.max(0, there.from() - reached) : 0;
            long to = Math.max(from, there.to());
            ranges.add(new Range(there.partition(), from, to - from > bounds.most() ? from + bounds.most() : to));
        }
        return new ExportPlan(source.name(), ranges, settings.rowsPerFile(), settings.bytesPerFile(), lost);
    }

    /** How many offsets there are in all. */
    public long length() {
        return ranges.stream().mapToLong(Range::length).sum();
    }
}
