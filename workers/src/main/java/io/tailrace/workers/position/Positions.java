package io.tailrace.workers.position;

import java.util.Map;

/**
 * Where a projection stands.
 *
 * @param next by partition, the offset to read next: every record below it is applied
 * @param rebuilt whether rows were thrown away just now, because the log is no longer the one they were made from
 */
public record Positions(Map<Integer, Long> next, boolean rebuilt) {
    /** Copies the map. */
    public Positions {
        next = Map.copyOf(next);
    }
}
