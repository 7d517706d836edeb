package io.tailrace.ingest.lease;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * The bounds of jobs that are leased over HTTP. Immutable.
 *
 * @param defaultWait how long a request for leases waits for a job if it does not say
 * @param maxWait the longest wait that a request may ask for
 * @param maxWaiting requests for leases that may wait at a time; one more is answered 503
 * @param maxLimit the most leases of one answer
 * @param maxTypes the types of jobs that this process takes from the log at a time, for all workers that ask it; a request for one more is
 *     answered 503
 * @param linger how long this process goes on to take jobs of a type that nobody asks it for; what it has taken it hands back then, so
 *     that another process gets it
 * @param groupPrefix the share group of a type in Kafka is this and the type
 * @param lookBack how far before the first worker of a type came its released jobs are looked for. It has to be longer than
 *     {@code TAILRACE_DISPATCHER_JOBS_RELEASE_TIMEOUT}, after which a job is released again
 * @param pollRecords the most released jobs that are taken at a time
 * @param lockDuration how long Kafka keeps a released job for this process, until the dispatcher has said that its attempt may begin
 * @param answerTimeout how long a report of a worker waits for the dispatcher's answer, and after how long a start is asked for again
 * @param fetchWait how long a broker holds a fetch for which it has nothing; data ends the wait at once
 * @param brokerTimeout the longest wait for an answer of Kafka to anything else
 * @param maxRemembered the most bytes of payloads in answers that are kept for a minute, for requests that come again with their key
 */
@ConfigurationProperties("tailrace.leases")
public record LeasesSettings(
        @Bindable(defaultValue = "20s") Duration defaultWait,
        @Bindable(defaultValue = "30s") Duration maxWait,
        @Bindable(defaultValue = "1000") int maxWaiting,
        @Bindable(defaultValue = "20") int maxLimit,
        @Bindable(defaultValue = "32") int maxTypes,
        @Bindable(defaultValue = "3s") Duration linger,
        @Bindable(defaultValue = "tailrace-workers-remote.") String groupPrefix,
        @Bindable(defaultValue = "1h") Duration lookBack,
        @Bindable(defaultValue = "20") int pollRecords,
        @Bindable(defaultValue = "15s") Duration lockDuration,
        @Bindable(defaultValue = "5s") Duration answerTimeout,
        @Bindable(defaultValue = "500ms") Duration fetchWait,
        @Bindable(defaultValue = "10s") Duration brokerTimeout,
        @Bindable(defaultValue = "16777216") int maxRemembered) {
    /** Checks what would otherwise only be found out later, or never. */
    public LeasesSettings {
        check("max-wait", maxWait, !maxWait.isNegative() && maxWait.toSeconds() <= 60, "at most 60 s");
        check(
                "default-wait",
                defaultWait,
                !defaultWait.isNegative() && defaultWait.compareTo(maxWait) <= 0,
                "at most max-wait");
        check("max-waiting", maxWaiting, maxWaiting >= 1 && maxWaiting <= 100_000, "1 to 100000");
        check("max-limit", maxLimit, maxLimit >= 1 && maxLimit <= 1_000, "1 to 1000");
        check("max-types", maxTypes, maxTypes >= 1 && maxTypes <= 1_000, "1 to 1000");
        check("poll-records", pollRecords, pollRecords >= 1 && pollRecords <= 1_000, "1 to 1000");
        check("lock-duration", lockDuration, lockDuration.toMillis() >= 1_000, "at least 1 s");
        check(
                "linger",
                linger,
                !linger.isNegative() && linger.compareTo(lockDuration.dividedBy(3)) < 0,
                "less than a third of lock-duration");
        check("look-back", lookBack, lookBack.toMillis() >= 1_000, "at least 1 s");
        check(
                "answer-timeout",
                answerTimeout,
                answerTimeout.toMillis() >= 100 && answerTimeout.compareTo(lockDuration.dividedBy(2)) < 0,
                "100 ms to half of lock-duration");
        check("fetch-wait", fetchWait, fetchWait.toMillis() >= 1, "at least 1 ms");
        check("broker-timeout", brokerTimeout, brokerTimeout.toMillis() >= 100, "at least 100 ms");
        check("max-remembered", maxRemembered, maxRemembered >= 0, "at least 0");
    }

    private static void check(String name, Object value, boolean valid, String expected) {
        if (!valid) {
            throw new IllegalArgumentException("tailrace.leases." + name + ": " + value + ", expected " + expected);
        }
    }
}
