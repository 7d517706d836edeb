package io.tailrace.kit.job.runtime;

import io.tailrace.contracts.job.JobProgress;
import io.tailrace.kit.job.attempt.Outcome;
import io.tailrace.kit.job.attempt.ReleasedJob;
import io.tailrace.kit.job.attempt.StopReason;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One attempt and what is due about it. It decides by the times that it is told, in milliseconds of any clock that does not jump, and
 * does nothing itself but interrupt its handler. Thread-safe.
 */
final class Attempt {
    /** Where it is. */
    enum Phase {
        /** Its start was written and not answered. */
        STARTING,
        /** Its handler runs. */
        RUNNING,
        /** It has ended, and the log does not have that yet. */
        REPORTING,
        /** Nothing more is to be done. */
        DONE
    }

    /** What is due. */
    enum Due {
        NOTHING,
        START_AGAIN,
        SIGN_OF_LIFE,
        TIME_OUT,
        WRITE_OFF,
        REPORT_AGAIN
    }

    /**
     * The times of all attempts, in milliseconds.
     *
     * @param againMs after which a command that was not acknowledged or not answered is written again
     * @param progressMs the least time between two reports of progress
     * @param writeOffMs how long a handler that was interrupted may go on before nobody waits for it
     * @param logMs the least time between two writings of what it has logged
     */
    record Times(long againMs, long progressMs, long writeOffMs, long logMs) {}

    private final ReleasedJob job;
    private final Times times;
    private final UUID startId;
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private final LogBuffer log;
    private Phase phase = Phase.STARTING;
    private long saidMs;
    private long deadlineMs;
    private @Nullable StopReason stop;
    private long stoppedMs;
    private boolean writtenOff;
    private @Nullable Thread thread;
    private @Nullable JobProgress progress;
    private @Nullable UUID signId;
    private @Nullable UUID outcomeId;
    private @Nullable Outcome outcome;

    Attempt(ReleasedJob job, Times times, UUID startId, long nowMs) {
        this.job = job;
        this.times = times;
        this.startId = startId;
        this.saidMs = nowMs;
        this.log = new LogBuffer(times.logMs());
    }

    /** What its handler has logged. */
    LogBuffer log() {
        return log;
    }

    ReleasedJob job() {
        return job;
    }

    /** The id of the command that starts it. */
    UUID startId() {
        return startId;
    }

    /** Completed when the record of the released job is needed no longer: its start is in the log, or it will not begin. */
    CompletableFuture<Void> settled() {
        return settled;
    }

    synchronized Phase phase() {
        return phase;
    }

    synchronized @Nullable StopReason stopReason() {
        return stop;
    }

    synchronized boolean isWrittenOff() {
        return writtenOff;
    }

    synchronized long deadlineMs() {
        return deadlineMs;
    }

    synchronized @Nullable Outcome outcome() {
        return outcome;
    }

    synchronized @Nullable UUID outcomeId() {
        return outcomeId;
    }

    /** Its start was answered; returns whether that is news. */
    synchronized boolean begin(Thread handler, long nowMs) {
        if (phase != Phase.STARTING) {
            return false;
        }
        phase = Phase.RUNNING;
        saidMs = nowMs;
        deadlineMs = nowMs + 1000L * job.timeoutSeconds();
        thread = handler;
        return true;
    }

    /** Has its handler stop; the first reason counts, but nothing is above the loss of its lease. Returns whether it is new. */
    synchronized boolean stop(StopReason reason, long nowMs) {
        if (phase == Phase.DONE || stop == reason || stop == StopReason.LEASE_LOST) {
            return false;
        }
        boolean first = stop == null;
        if (first || reason == StopReason.LEASE_LOST) {
            stop = reason;
        }
        if (first) {
            stoppedMs = nowMs;
            if (phase == Phase.RUNNING && thread != null) {
                thread.interrupt();
            }
        }
        return first;
    }

    /**
     * It has ended, or somebody else says so in its handler's place. From now on its thread is not interrupted.
     *
     * @return whether this is the outcome; false if there was one
     */
    synchronized boolean end(Outcome how, UUID id, long nowMs) {
        if (phase == Phase.REPORTING || phase == Phase.DONE) {
            return false;
        }
        phase = Phase.REPORTING;
        outcome = how;
        outcomeId = id;
        saidMs = nowMs;
        return true;
    }

    /** Nobody waits for its handler any longer. */
    synchronized void writeOff() {
        writtenOff = true;
    }

    /** Nothing more is to be done; returns whether that is news. */
    synchronized boolean finish() {
        if (phase == Phase.DONE) {
            return false;
        }
        phase = Phase.DONE;
        return true;
    }

    /** Its handler has come so far. */
    synchronized void progress(JobProgress latest) {
        progress = latest;
    }

    /** What is due now; whoever is told does it. */
    synchronized Due due(long nowMs) {
        long silentMs = nowMs - saidMs;
        return switch (phase) {
            case STARTING -> silentMs >= times.againMs() ? again(Due.START_AGAIN, nowMs) : Due.NOTHING;
            case RUNNING -> whileRunning(silentMs, nowMs);
            case REPORTING -> silentMs >= times.againMs() ? again(Due.REPORT_AGAIN, nowMs) : Due.NOTHING;
            case DONE -> Due.NOTHING;
        };
    }

    private Due whileRunning(long silentMs, long nowMs) {
        if (stop != null && nowMs - stoppedMs >= times.writeOffMs()) {
            return Due.WRITE_OFF;
        }
        if (stop == null && nowMs >= deadlineMs) {
            return Due.TIME_OUT;
        }
        boolean sign = silentMs >= job.leaseMs() / 3;
        boolean told = progress != null && silentMs >= times.progressMs();
        return (sign || told) && stop != StopReason.LEASE_LOST ? again(Due.SIGN_OF_LIFE, nowMs) : Due.NOTHING;
    }

    private Due again(Due due, long nowMs) {
        saidMs = nowMs;
        return due;
    }

    /** Takes what is to be said of its progress, if there is something new. */
    synchronized @Nullable JobProgress takeProgress() {
        JobProgress taken = progress;
        progress = null;
        return taken;
    }

    /** A sign of life has an id of its own, whose refusal is heard; returns that of the one before. */
    synchronized @Nullable UUID sign(UUID id) {
        UUID before = signId;
        signId = id;
        return before;
    }

    /** The id of the last sign of life. */
    synchronized @Nullable UUID signId() {
        return signId;
    }
}
