package io.tailrace.edge.stream;

import io.tailrace.edge.window.PartitionId;

/**
 * A channel that a stream may read: access was decided before.
 *
 * @param name the channel
 * @param partition where it lives
 * @param start where it starts
 */
public record WantedChannel(String name, PartitionId partition, Start start) {}
