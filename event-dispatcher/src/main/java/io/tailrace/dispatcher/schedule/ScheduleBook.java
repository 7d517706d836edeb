package io.tailrace.dispatcher.schedule;

import io.tailrace.contracts.job.JobSchedule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a {@link ScheduleDesk} knows. What is written is kept or discarded together. */
interface ScheduleBook {
    /** The schedule of a name, or null. */
    @Nullable
    ArmedSchedule schedule(String name);

    /** Schedules whose next firing is up to {@code nowMs}, the earliest first, at most so many. */
    List<ArmedSchedule> due(long nowMs, int limit);

    /** A schedule is new, or something else than before. */
    void put(@Nullable ArmedSchedule before, JobSchedule schedule, long nextMs);

    /** A schedule fires next at another time. */
    void arm(ArmedSchedule before, long nextMs);

    /** A schedule is not there any more. */
    void remove(ArmedSchedule before);

    /** Keeps what was written since the last call. */
    void keep();

    /** Forgets what was written since {@link #keep}. */
    void discard();
}
