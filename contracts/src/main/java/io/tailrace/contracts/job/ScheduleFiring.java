package io.tailrace.contracts.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where an enqueued job comes from, if it is a schedule.
 *
 * @param name the schedule
 * @param plannedAt the time of the firing; null if a person asked for it
 */
public record ScheduleFiring(String name, @Nullable Instant plannedAt) {
    /** Checks the name. */
    public ScheduleFiring {
        JobSchedule.checkName(name);
    }
}
