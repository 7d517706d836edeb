package io.tailrace.kit.limit;

/**
 * Whether a write may go on.
 *
 * @param allowance the limit that was asked
 * @param allowed whether it may
 * @param remaining how many more may follow at once, as far as this node knows
 * @param waitNs if it may not, after how long it is worth trying again; nanoseconds
 */
record Ruling(Allowance allowance, boolean allowed, long remaining, long waitNs) {
    /** Whole seconds for {@code Retry-After}. */
    long retryAfterSeconds() {
        return Math.max(1, (waitNs + 999_999_999) / 1_000_000_000);
    }
}
