package io.tailrace.bench.jobs.arm;

import java.io.IOException;
import java.util.BitSet;
import java.util.Map;

/** What runs jobs. A job is a number. Calls come from one thread. */
public interface Arm extends AutoCloseable {
    /** For the table. */
    String name();

    /** Enqueues a job that may run at once; does not wait. */
    void enqueue(int number);

    /** Enqueues jobs that may run at once, as many at a time as is best; may wait. */
    void enqueueAll(int from, int to) throws Exception;

    /**
     * Enqueues a job that is to run at a time; does not wait.
     *
     * @param runAtMs milliseconds since the epoch
     */
    void enqueueAt(int number, long runAtMs);

    /** How many jobs {@link #fill} is best given at once. */
    int fillAtOnce();

    /** Enqueues jobs that are to run at even distances from one time to another; may wait. */
    void fill(int from, int to, long firstMs, long lastMs) throws Exception;

    /** Waits until all that was asked for is acknowledged; fails if something was not. */
    void flush() throws Exception;

    /** Waits until it has nothing to do, and clears away what earlier rounds have left, so that each round finds the same. */
    void settle() throws Exception;

    /** It has the load now that is to be measured; called before what counts begins. */
    void loaded() throws Exception;

    /** It does nothing, and uses no CPU, until {@link #resume}, where it would otherwise look for work all the time. */
    void pause() throws Exception;

    /** See {@link #pause}. */
    void resume() throws Exception;

    /** CPU seconds until now, by the processes that have used them. */
    Map<String, Double> cpuSeconds() throws IOException;

    /**
     * Of how many of these jobs the end is not recorded exactly once.
     *
     * @param done jobs that have started, each of which should have ended
     */
    long notDoneOnce(BitSet done) throws Exception;

    /** Ends what it has started. */
    @Override
    void close() throws IOException, InterruptedException;
}
