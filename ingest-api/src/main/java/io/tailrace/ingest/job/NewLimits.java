package io.tailrace.ingest.job;

import io.micronaut.core.annotation.Introspected;
import io.tailrace.contracts.job.QueueLimits;
import io.tailrace.ingest.input.Faults;
import org.jspecify.annotations.Nullable;

/**
 * The limits that a queue is to have; 0 is none. What is missing is as the queue is declared.
 *
 * @param concurrency jobs of the queue that are released or running at a time
 * @param ratePerSecond jobs of the queue that are released in a second
 * @param keyConcurrency as {@code concurrency}, of each key
 * @param keyRatePerSecond as {@code rate_per_second}, of each key
 */
@Introspected
record NewLimits(
        @Nullable Integer concurrency,
        @Nullable Double ratePerSecond,
        @Nullable Integer keyConcurrency,
        @Nullable Double keyRatePerSecond) {
    /**
     * The limits, or null for those of the declaration.
     *
     * @throws io.tailrace.kit.problem.ProblemException 400 with every fault
     */
    @Nullable
    QueueLimits limits(QueueLimits declared) {
        if (concurrency == null && ratePerSecond == null && keyConcurrency == null && keyRatePerSecond == null) {
            return null;
        }
        Faults faults = new Faults();
        int jobs = concurrency == null ? declared.concurrency() : concurrency;
        double rate = ratePerSecond == null ? declared.ratePerSecond() : ratePerSecond;
        int keyJobs = keyConcurrency == null ? declared.keyConcurrency() : keyConcurrency;
        double keyRate = keyRatePerSecond == null ? declared.keyRatePerSecond() : keyRatePerSecond;
        check(faults, () -> new QueueLimits(jobs, 0, 0, 0));
        check(faults, () -> new QueueLimits(0, rate, 0, 0));
        check(faults, () -> new QueueLimits(0, 0, keyJobs, 0));
        check(faults, () -> new QueueLimits(0, 0, 0, keyRate));
        faults.throwIfAny();
        return new QueueLimits(jobs, rate, keyJobs, keyRate);
    }

    private interface Limits {
        QueueLimits make();
    }

    /** The contract says what is wrong as {@code field: value, expected …}. */
    private static void check(Faults faults, Limits limits) {
        try {
            var unused = limits.make();
        } catch (IllegalArgumentException e) {
            String[] words = String.valueOf(e.getMessage()).split(": ", 2);
            faults.add(words[0], words[words.length - 1]);
        }
    }
}
