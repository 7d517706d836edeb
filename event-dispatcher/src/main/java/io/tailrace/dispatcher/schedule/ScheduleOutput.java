package io.tailrace.dispatcher.schedule;

/** Where the effects of decisions go. */
interface ScheduleOutput {
    /** Tells what a decision at {@code nowMs} led to. */
    void tell(ScheduleEffect effect, long nowMs);

    /** Writes to our own topic that time has passed. */
    void tick(long nowMs);
}
