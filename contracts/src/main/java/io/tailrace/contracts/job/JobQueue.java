package io.tailrace.contracts.job;

import io.tailrace.contracts.topic.Topics;

/**
 * A queue as it is declared.
 *
 * @param name {@code [a-z][a-z0-9_-]{0,31}}
 * @param partitions of its topic of released jobs, 1 to 100; workers share each of them, so they do not bound how many jobs run
 * @param credit how many jobs of each type may be released and not yet started at the most, 1 to 10,000; while workers are slow it is less.
 *     A job of a higher priority waits behind no more than so many of its type
 * @param capacity the most jobs that it may have that are not finished; one more is refused
 * @param limits what holds until an operator says otherwise
 */
public record JobQueue(String name, int partitions, int credit, int capacity, QueueLimits limits) {
    /** Checks the ranges. */
    public JobQueue {
        JobLimits.queue(name);
        JobLimits.range("partitions", partitions, 1, 100);
        JobLimits.range("credit", credit, 1, 10_000);
        JobLimits.range("capacity", capacity, 1, Integer.MAX_VALUE);
    }

    /** Whether it is a name that a queue may have. */
    public static boolean isName(String name) {
        return JobLimits.isQueue(name);
    }

    /** The topic of its released jobs. */
    public String topic() {
        return Topics.JOB_READY_PREFIX + name;
    }
}
