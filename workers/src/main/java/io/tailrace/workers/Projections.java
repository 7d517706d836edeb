package io.tailrace.workers;

import io.tailrace.workers.drive.ProjectionLoop;
import java.util.List;

/**
 * The loops of all projections.
 *
 * @param loops one for each projection
 */
record Projections(List<ProjectionLoop<?>> loops) {
    Projections {
        loops = List.copyOf(loops);
    }
}
