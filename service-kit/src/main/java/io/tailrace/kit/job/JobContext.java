package io.tailrace.kit.job;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/** One attempt at a job, as its handler sees it. Thread-safe. */
public interface JobContext {
    /** The job. */
    UUID id();

    /** The job's queue. */
    String queue();

    /** Which attempt it is, from 1. */
    int attempt();

    /** Whether the job is dead if this attempt fails. */
    boolean isLastAttempt();

    /** Grows with each release of the job: whoever has seen a higher one refuses what comes with this one. */
    long token();

    /** Until when the attempt has to have ended; then its thread is interrupted. */
    Instant deadline();

    /** Whether the attempt has to stop: cancelled, out of time, without a lease, or the worker is told to stop. */
    boolean isStopped();

    /** Whether the attempt has to stop because somebody has cancelled the job. */
    boolean isCancelled();

    /**
     * Says how far the work is. Of what is said within a short time the last one counts, so it may be called often; what is said just
     * before the end may not be told at all.
     *
     * @param fraction 0 to 1, or null if that is not known
     * @param message a short text, or null
     */
    void progress(@Nullable Double fraction, @Nullable String message);

    /**
     * Writes to the log of the process, with the job's id in front of each line, and keeps lines from the level info on beside the job, where
     * everybody sees them who may read it: nothing secret belongs there. Of an attempt 500 lines and 65,536 bytes are kept; a line has
     * at most 4,096 bytes.
     */
    Logger log();

    /**
     * Enqueues another job on behalf of this one. Its id is made of this job's id and the name, so that an attempt that runs again
     * enqueues it once. Returns when the log has it.
     *
     * @param name which child it is, any text that differs between children
     * @param type the type of the new job
     * @param payload written as JSON
     * @return the id of the new job
     * @throws IllegalArgumentException if the type is not declared, or the payload is not what the type wants
     * @throws IllegalStateException if the log did not acknowledge it in time; it may be there nevertheless
     */
    UUID enqueue(String name, String type, Object payload) throws InterruptedException;
}
