package io.tailrace.dispatcher.series;

/**
 * Which windows of a length a task still has to do with. Times are in milliseconds since the epoch.
 *
 * @param openMs windows that begin before this are not changed and not told any more: they were forgotten, or would lack readings
 * @param wholeMs windows that begin then or later have all readings that count, so coarser ones can be merged from them; not before
 *     {@code openMs}
 */
record Extent(long openMs, long wholeMs) {
    /** That of a length whose windows have always been kept. */
    static final Extent ALL = new Extent(0, 0);

    /** Without the windows that begin before a time. */
    Extent from(long startMs) {
        return new Extent(Math.max(openMs, startMs), Math.max(wholeMs, startMs));
    }
}
