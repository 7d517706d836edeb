package io.tailrace.projections.position;

import java.util.HashMap;
import java.util.Map;

/**
 * Where a projection stands.
 *
 * @param at by partition, where to go on
 * @param rebuilt whether rows were thrown away just now, because the log is no longer the one they were made from
 */
public record Positions(Map<Integer, Position> at, boolean rebuilt) {
    /** Copies the map. */
    public Positions {
        at = Map.copyOf(at);
    }

    /** By partition, the offset to read next: every record below it is applied. */
    public Map<Integer, Long> next() {
        Map<Integer, Long> next = new HashMap<>();
        at.forEach((partition, position) -> next.put(partition, position.nextOffset()));
        return next;
    }
}
