package io.tailrace.edge.replay;

/**
 * Counts of the replay reader. Gauges are as of now; totals only grow.
 *
 * @param waiting requests that wait
 * @param inFlight ranges that are being read
 * @param cacheBytes bytes of what was read lately and is kept
 * @param requestsTotal requests of the loops
 * @param readsTotal ranges read
 * @param cachedTotal ranges that were in memory
 * @param failedTotal ranges that could not be read
 * @param bytesTotal bytes of records read
 */
public record ReplayStats(
        int waiting,
        int inFlight,
        long cacheBytes,
        long requestsTotal,
        long readsTotal,
        long cachedTotal,
        long failedTotal,
        long bytesTotal) {}
