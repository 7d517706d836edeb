package io.tailrace.dispatcher;

import java.util.ArrayDeque;
import java.util.Deque;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;

/**
 * What happens when a stream thread dies: another takes its place, but not for ever. After too many within a window the
 * process ends, so that its supervisor starts a fresh one and an operator sees it. Time is passed in. Thread-safe.
 */
final class ReplacementPolicy {
    private final int maxReplacements;
    private final long windowMs;
    private final Deque<Long> replacedAtMs = new ArrayDeque<>();

    /**
     * A policy.
     *
     * @param maxReplacements threads replaced within the window before the process gives up, 0 or more
     * @param windowMs the window, in milliseconds
     */
    ReplacementPolicy(int maxReplacements, long windowMs) {
        this.maxReplacements = maxReplacements;
        this.windowMs = windowMs;
    }

    /**
     * Decides.
     *
     * @param fault what the thread died of
     * @param nowMs a monotonic time
     */
    synchronized StreamThreadExceptionResponse decide(Throwable fault, long nowMs) {
        if (isBeyondReplacement(fault)) {
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        while (!replacedAtMs.isEmpty() && nowMs - replacedAtMs.getFirst() > windowMs) {
            replacedAtMs.removeFirst();
        }
        if (replacedAtMs.size() >= maxReplacements) {
            return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
        }
        replacedAtMs.addLast(nowMs);
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }

    /**
     * After an {@link Error} the JVM is in an unknown state. After a fencing another instance runs under our name; a new
     * thread would fence that one in turn, and so on.
     */
    private static boolean isBeyondReplacement(Throwable fault) {
        Throwable cause = fault;
        for (int depth = 0; cause != null && depth < 20; depth++) {
            if (cause instanceof Error || cause instanceof FencedInstanceIdException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
