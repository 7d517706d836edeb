package io.tailrace.edge.replay;

/**
 * Counts of the replay reader. Gauges are as of now; totals only grow.
 *
 * @param waiting requests that wait
 * @param inFlight stretches that are being read
 * @param requestsTotal requests of the loops
 * @param readsTotal stretches read
 * @param failedTotal stretches that could not be read
 * @param bytesTotal bytes of records read
 */
public record ReplayStats(
        int waiting, int inFlight, long requestsTotal, long readsTotal, long failedTotal, long bytesTotal) {}
