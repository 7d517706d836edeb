package io.tailrace.dispatcher.job;

/** Where a task tells what it decided. */
interface JobOutput {
    /** Tells an effect of the log's time {@code nowMs}. */
    void tell(JobEffect effect, long nowMs);

    /** Tells ourselves that time has passed. */
    void tick(long nowMs);
}
