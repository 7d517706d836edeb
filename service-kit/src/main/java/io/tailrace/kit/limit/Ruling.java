package io.tailrace.kit.limit;

import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;

/**
 * Whether a write may go on.
 *
 * @param allowance the limit that was asked
 * @param allowed whether it may
 * @param remaining how many more may follow at once, as far as this node knows
 * @param waitNs if it may not, after how long it is worth trying again; nanoseconds
 */
record Ruling(Allowance allowance, boolean allowed, long remaining, long waitNs) {
    /**
     * The answer to whoever may not.
     *
     * @param what what they may do, as in "may write"
     */
    ProblemException refusal(String what) {
        return new ProblemException(
                        ProblemType.RATE_LIMITED,
                        "This " + allowance.name() + " may " + what + " " + allowance.perSecond()
                                + " times a second, and " + allowance.burst() + " times at once.")
                .with("Retry-After", Long.toString(retryAfterSeconds()));
    }

    /** Whole seconds for {@code Retry-After}. */
    long retryAfterSeconds() {
        return Math.max(1, (waitNs + 999_999_999) / 1_000_000_000);
    }
}
