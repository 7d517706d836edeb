package io.tailrace.contracts.job;

import java.util.List;

/**
 * When a job is tried again after a failure: exponential back-off with full jitter. The wait after the n-th failure in a row is
 * drawn evenly from 0 to {@code min(longestDelayMs, firstDelayMs * 2^(n-1))}, so that jobs which failed together do not come
 * back together. Comes with each job, as its type wants it.
 *
 * @param firstDelayMs the longest wait after the first failure, 0 to {@value #MOST_MS}
 * @param longestDelayMs the longest wait of all, {@code firstDelayMs} to {@value #MOST_MS}
 * @param giveUpOn types of errors that no attempt can cure: the job is dead at once; at most {@value #MOST_ERRORS}
 */
public record RetryPolicy(long firstDelayMs, long longestDelayMs, List<String> giveUpOn) {
    /** The longest wait that may be asked for: a day. */
    public static final long MOST_MS = 86_400_000;

    /** The most error types of one policy. */
    public static final int MOST_ERRORS = 32;

    /** At most 2 s after the first failure, and at most ten minutes; every error is tried again. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(2_000, 600_000, List.of());

    /** Checks the ranges. */
    public RetryPolicy {
        giveUpOn = List.copyOf(giveUpOn);
        JobLimits.range("retry.first_delay_ms", firstDelayMs, 0, MOST_MS);
        JobLimits.range("retry.longest_delay_ms", longestDelayMs, firstDelayMs, MOST_MS);
        JobLimits.range("retry.give_up_on: its length", giveUpOn.size(), 0, MOST_ERRORS);
        giveUpOn.forEach(type -> JobLimits.text("retry.give_up_on", type, JobError.MAX_TYPE));
    }

    /**
     * The longest wait after failures in a row, in milliseconds.
     *
     * @param failures how many, at least 1
     */
    public long boundMs(int failures) {
        int doublings = Math.min(failures - 1, Long.numberOfLeadingZeros(firstDelayMs) - 1);
        return Math.min(longestDelayMs, firstDelayMs << Math.max(0, doublings));
    }

    /** Whether an error of that type is not tried again. */
    public boolean givesUpOn(String errorType) {
        return giveUpOn.contains(errorType);
    }
}
