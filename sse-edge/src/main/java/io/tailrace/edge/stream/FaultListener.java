package io.tailrace.edge.stream;

/**
 * Hears of exceptions that a {@link StreamLoop} has survived. Called on the loop's thread, once for each. It must not throw.
 */
@FunctionalInterface
public interface FaultListener {
    /**
     * Something has thrown; the streams concerned are closed by the end of the next turn, and their clients resume at their
     * cursors.
     *
     * @param during what the loop was doing: one of a few fixed words
     * @param cause what was thrown
     */
    void onFault(String during, Throwable cause);
}
