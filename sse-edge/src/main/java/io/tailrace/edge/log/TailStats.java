package io.tailrace.edge.log;

import java.util.Collection;

/**
 * Counts of the tailer. Gauges are as of its last turn; totals only grow.
 *
 * @param partitions partitions that are read or wanted
 * @param unavailable of these, those that can't be read now
 * @param lagRecords committed records that it has not read yet, over all partitions
 * @param windowBytes bytes of the windows
 * @param recordsTotal records read
 * @param faultsTotal reads that failed
 * @param pausesTotal how often reading waited for an event loop
 */
public record TailStats(
        int partitions,
        int unavailable,
        long lagRecords,
        long windowBytes,
        long recordsTotal,
        long faultsTotal,
        long pausesTotal) {
    /** Before the first turn. */
    public static final TailStats NONE = new TailStats(0, 0, 0, 0, 0, 0, 0);

    /** Of what a tail has now; reads that have failed are for whoever drives it. */
    static TailStats of(Collection<TailedPartition> partitions, Assignment assignment, long pausesTotal) {
        long unavailable =
                partitions.stream().filter(TailedPartition::isUnavailable).count();
        return new TailStats(
                partitions.size(),
                Math.toIntExact(unavailable),
                assignment.lagRecords(),
                partitions.stream().mapToLong(TailedPartition::windowBytes).sum(),
                assignment.recordsTotal(),
                0,
                pausesTotal);
    }

    /** The same with the reads that have failed. */
    TailStats withFaults(long faults) {
        return new TailStats(partitions, unavailable, lagRecords, windowBytes, recordsTotal, faults, pausesTotal);
    }
}
