package io.tailrace.edge.stream;

/**
 * Counts of one loop. Gauges are as of now; totals only grow.
 *
 * @param streams open streams
 * @param pendingLanes lanes whose partition is not ready
 * @param liveLanes lanes at the head
 * @param catchingUpLanes lanes that read from the window or the replay cache
 * @param replayingLanes lanes that wait for a replay chunk
 * @param aheadLanes lanes above the loop's head
 * @param partitions partitions subscribed
 * @param windowBytes bytes that the windows refer to
 * @param replayCacheBytes bytes that the replay cache refers to
 * @param pendingBytes bytes that were appended and that the network has not taken
 * @param deliveriesTotal event frames appended
 * @param appendedBytesTotal bytes appended
 * @param flushesTotal writes
 * @param gapsTotal {@code stream.gap} told
 * @param resetsTotal {@code stream.reset} told
 * @param stalledTotal streams closed for a stalled write
 * @param unansweredTotal streams closed for a ping without answer
 * @param failedTotal streams closed because something has thrown for them
 * @param cutTotal streams closed in the middle of an event that could not be finished
 * @param heldBackTotal how often a stream was held back because all together had too much pending
 * @param replayRequestsTotal chunks asked for
 * @param replayChunksTotal chunks received
 */
public record LoopStats(
        int streams,
        int pendingLanes,
        int liveLanes,
        int catchingUpLanes,
        int replayingLanes,
        int aheadLanes,
        int partitions,
        long windowBytes,
        long replayCacheBytes,
        long pendingBytes,
        long deliveriesTotal,
        long appendedBytesTotal,
        long flushesTotal,
        long gapsTotal,
        long resetsTotal,
        long stalledTotal,
        long unansweredTotal,
        long failedTotal,
        long cutTotal,
        long heldBackTotal,
        long replayRequestsTotal,
        long replayChunksTotal) {}
