package io.tailrace.exporter.bigquery;

import io.tailrace.exporter.export.Range;
import org.jspecify.annotations.Nullable;

/**
 * A part of a partition that is written to a stream of its own. The number of a row in the segment is its offset in the stream, so what BigQuery
 * says of a stream says which rows are there. It is decided once, with its rows, and all attempts of all jobs write the same.
 *
 * @param source its name
 * @param partition of the source's topic
 * @param from the first offset
 * @param to the offset behind the last one
 * @param rows how many of its records are rows
 * @param appendBytes an append ends with the row that brings it to so many bytes, so that all attempts cut it alike
 * @param table to which it is written, {@code project.dataset.table}
 * @param stream the name of its stream; null if it has no rows
 * @param written whether BigQuery has acknowledged all rows
 */
record Segment(
        String source,
        int partition,
        long from,
        long to,
        long rows,
        int appendBytes,
        String table,
        @Nullable String stream,
        boolean written) {

    Range range() {
        return new Range(partition, from, to);
    }

    Segment asWritten() {
        return new Segment(source, partition, from, to, rows, appendBytes, table, stream, true);
    }
}
