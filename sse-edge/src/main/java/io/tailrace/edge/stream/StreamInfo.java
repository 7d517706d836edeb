package io.tailrace.edge.stream;

import java.util.List;

/**
 * An open stream, for an operator.
 *
 * @param connectionId its name
 * @param state the state of the lane that is furthest behind
 * @param channels its channels
 * @param behind records (offsets) between its cursor and the loop's heads, summed over its partitions
 * @param writtenBytes bytes appended since it was opened
 * @param unsentBytes bytes that its transport has not taken yet
 */
public record StreamInfo(
        String connectionId,
        LanePhase state,
        List<String> channels,
        long behind,
        long writtenBytes,
        long unsentBytes) {}
