package io.tailrace.projections;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How the copies are rid of what nobody can ask for any more.
 *
 * @param interval how often to look for it while there is none
 * @param rows the most rows of a table in one transaction
 * @param jobs how long a job is known after it has ended, in whatever state
 * @param pass how often all past shows are looked at again: a copy that was made anew has rows of them. At least {@code interval},
 *     because a shorter one would never come beyond the first shows
 */
@ConfigurationProperties("tailrace.projections.trim")
public record TrimSettings(
        @Bindable(defaultValue = "60s") Duration interval,
        @Bindable(defaultValue = "1000") int rows,
        @Bindable(defaultValue = "7d") Duration jobs,
        @Bindable(defaultValue = "6h") Duration pass) {
    /** Checks the ranges. */
    public TrimSettings {
        if (rows < 1) {
            throw new IllegalArgumentException("tailrace.projections.trim.rows: " + rows + ", expected at least 1");
        }
        if (interval.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "tailrace.projections.trim.interval: " + interval + ", expected at least 1 ms");
        }
        if (jobs.toSeconds() < 60) {
            throw new IllegalArgumentException(
                    "tailrace.projections.trim.jobs: " + jobs + ", expected at least a minute");
        }
        if (pass.compareTo(interval) < 0) {
            throw new IllegalArgumentException(
                    "tailrace.projections.trim.pass: " + pass + ", expected at least the interval, " + interval);
        }
    }
}
