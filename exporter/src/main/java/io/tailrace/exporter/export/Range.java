package io.tailrace.exporter.export;

/**
 * A part of a partition.
 *
 * @param partition which
 * @param from the first offset
 * @param to the offset behind the last one
 */
public record Range(int partition, long from, long to) {
    /** Checks the order. */
    public Range {
        if (partition < 0 || from < 0 || to < from) {
            throw new IllegalArgumentException(
                    "partition " + partition + ", from " + from + " to " + to + ", expected 0 <= from <= to");
        }
    }

    /** How many offsets it has. */
    public long length() {
        return to - from;
    }
}
