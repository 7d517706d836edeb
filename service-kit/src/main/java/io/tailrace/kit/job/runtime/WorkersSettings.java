package io.tailrace.kit.job.runtime;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.tailrace.contracts.job.JobQueue;
import java.time.Duration;

/**
 * How jobs are run.
 *
 * @param group the group of workers that a process of {@code workers} is in; the types of jobs name theirs. All processes of a group run the
 *     same types
 * @param groupPrefix the share group in Kafka is this and {@code group}
 * @param concurrency attempts at jobs of one queue that run at a time in this process. It bounds this process; the limits of a queue bound
 *     all of them together
 * @param pollRecords the most released jobs that are taken from a queue at a time
 * @param placeWait how long released jobs wait for one of the {@code concurrency} places before they are handed back, so that another
 *     worker gets them
 * @param lockDuration how long Kafka keeps a released job for the worker that has taken it, until its start is in the log; renewed at a third. The brokers' {@code group.share.min.record.lock.duration.ms} and {@code …max…} are its bounds
 * @param answerTimeout after how long a command that was not acknowledged or not answered is written again
 * @param progressInterval the least time between two reports of the progress of an attempt
 * @param writeOffAfter how long a handler may go on after it was interrupted before its place is given to another job
 * @param maxWrittenOff handlers that go on although they were interrupted and whose places are given to others; the places of further
 *     ones stay taken
 * @param stopGrace how long a stop waits for attempts to end by themselves before they are interrupted and handed back
 * @param commandTimeout the longest wait for Kafka to take a command
 * @param readPollRecords the most events about jobs that are looked at in one go
 * @param fetchWait how long a broker holds a fetch for which it has nothing; data ends the wait at once
 * @param brokerTimeout the longest wait for an answer of Kafka to anything else
 * @param retryFirst the wait after the first failure; it doubles from there
 * @param retryLongest the longest wait between attempts to reach Kafka
 */
@ConfigurationProperties("tailrace.workers")
public record WorkersSettings(
        @Bindable(defaultValue = "platform") String group,
        @Bindable(defaultValue = "tailrace-workers-") String groupPrefix,
        @Bindable(defaultValue = "512") int concurrency,
        @Bindable(defaultValue = "256") int pollRecords,
        @Bindable(defaultValue = "1s") Duration placeWait,
        @Bindable(defaultValue = "15s") Duration lockDuration,
        @Bindable(defaultValue = "5s") Duration answerTimeout,
        @Bindable(defaultValue = "500ms") Duration progressInterval,
        @Bindable(defaultValue = "30s") Duration writeOffAfter,
        @Bindable(defaultValue = "16") int maxWrittenOff,
        @Bindable(defaultValue = "10s") Duration stopGrace,
        @Bindable(defaultValue = "5s") Duration commandTimeout,
        @Bindable(defaultValue = "2000") int readPollRecords,
        @Bindable(defaultValue = "500ms") Duration fetchWait,
        @Bindable(defaultValue = "10s") Duration brokerTimeout,
        @Bindable(defaultValue = "100ms") Duration retryFirst,
        @Bindable(defaultValue = "5s") Duration retryLongest) {
    /** Checks what Kafka would only find out later, or never. */
    public WorkersSettings {
        check("group", group, JobQueue.isName(group), "[a-z][a-z0-9_-]{0,31}");
        check("concurrency", concurrency, concurrency >= 1 && concurrency <= 100_000, "1 to 100000");
        check("poll-records", pollRecords, pollRecords >= 1 && pollRecords <= 10_000, "1 to 10000");
        check("place-wait", placeWait, !placeWait.isNegative(), "at least 0");
        check("lock-duration", lockDuration, lockDuration.toMillis() >= 1_000, "at least 1 s");
        check(
                "place-wait",
                placeWait,
                placeWait.compareTo(lockDuration.dividedBy(3)) < 0,
                "less than a third of lock-duration");
        check("answer-timeout", answerTimeout, answerTimeout.toMillis() >= 100, "at least 100 ms");
        check("progress-interval", progressInterval, progressInterval.toMillis() >= 1, "at least 1 ms");
        check("write-off-after", writeOffAfter, writeOffAfter.toMillis() >= 100, "at least 100 ms");
        check("max-written-off", maxWrittenOff, maxWrittenOff >= 0, "at least 0");
        check("stop-grace", stopGrace, !stopGrace.isNegative(), "at least 0");
        check("command-timeout", commandTimeout, commandTimeout.toMillis() >= 100, "at least 100 ms");
        check("read-poll-records", readPollRecords, readPollRecords >= 1, "at least 1");
        check("fetch-wait", fetchWait, fetchWait.toMillis() >= 1, "at least 1 ms");
        check("broker-timeout", brokerTimeout, brokerTimeout.toMillis() >= 100, "at least 100 ms");
        check("retry-first", retryFirst, retryFirst.toMillis() >= 1, "at least 1 ms");
        check("retry-longest", retryLongest, retryLongest.compareTo(retryFirst) >= 0, "at least retry-first");
    }

    private static void check(String name, Object value, boolean valid, String expected) {
        if (!valid) {
            throw new IllegalArgumentException("tailrace.workers." + name + ": " + value + ", expected " + expected);
        }
    }
}
