package io.tailrace.dispatcher.job;

/**
 * How fast workers start the jobs of a type in a queue, in steps of {@value #STEP_MS} ms of the log's time. From it follows how many jobs may
 * be released and not started: enough to keep the workers busy until the next ones are released, and not more, because what is
 * released no longer makes way for a job of a higher priority.
 *
 * @param step the last step in which a job was started
 * @param starts jobs that were started in it
 * @param before jobs that were started in the step before it
 */
record Uptake(long step, int starts, int before) {
    /** Nothing was started yet. */
    static final Uptake NONE = new Uptake(0, 0, 0);

    /** So many may be released although nothing is started. */
    static final int FEWEST = 16;

    private static final long STEP_MS = 250;

    /** A job was started. */
    Uptake started(long nowMs) {
        long now = nowMs / STEP_MS;
        return now == step ? new Uptake(step, starts + 1, before) : new Uptake(now, 1, now == step + 1 ? starts : 0);
    }

    /**
     * How many may be released and not started: twice as many as were started in a step, so that it grows as long as the workers keep up.
     *
     * @param most the most, whatever the workers do
     */
    int credit(long nowMs, int most) {
        long past = nowMs / STEP_MS - step;
        int fastest = past == 0 ? Math.max(starts, before) : past == 1 ? starts : 0;
        return Math.min(most, Math.max(FEWEST, 2 * fastest));
    }
}
