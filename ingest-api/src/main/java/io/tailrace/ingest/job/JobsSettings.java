package io.tailrace.ingest.job;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * The bounds of jobs over HTTP. Immutable.
 *
 * @param defaultWait how long a request waits for its decision if it does not say ({@code Prefer: wait=N}); then it is answered 202
 * @param maxWait the longest wait that a request may ask for
 * @param maxWaiting requests that may wait for decisions at a time; one more is answered 503 at once
 * @param knownJobs of how many jobs it is remembered which queue they are in, so that most commands need not ask PostgreSQL
 * @param readyTimeout how long a request waits, while the service starts, until the log's end is known
 * @param pollRecords the most decisions that are taken from the log at a time
 * @param defaultLimit the jobs of a page if a request does not say
 * @param maxLimit the most jobs of a page
 * @param attemptsShown the most attempts that are shown of a job, the last ones
 */
@ConfigurationProperties("tailrace.jobs")
public record JobsSettings(
        @Bindable(defaultValue = "2s") Duration defaultWait,
        @Bindable(defaultValue = "30s") Duration maxWait,
        @Bindable(defaultValue = "20000") int maxWaiting,
        @Bindable(defaultValue = "100000") int knownJobs,
        @Bindable(defaultValue = "2s") Duration readyTimeout,
        @Bindable(defaultValue = "2000") int pollRecords,
        @Bindable(defaultValue = "50") int defaultLimit,
        @Bindable(defaultValue = "500") int maxLimit,
        @Bindable(defaultValue = "100") int attemptsShown) {}
