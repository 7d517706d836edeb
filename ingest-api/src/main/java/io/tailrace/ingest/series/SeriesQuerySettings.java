package io.tailrace.ingest.series;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * The bounds of reading series. Immutable.
 *
 * @param maxReaders requests for series that may be answered at a time, each of which holds up to 50,000 windows; one more is answered
 *     503 at once
 * @param writeTimeout how long a reader may take for an answer; then its connection is closed
 * @param defaultLimit readings on a page of a request that names no limit
 * @param maxLimit the most readings on a page
 */
@ConfigurationProperties("tailrace.series-queries")
record SeriesQuerySettings(
        @Bindable(defaultValue = "32") int maxReaders,
        @Bindable(defaultValue = "60s") Duration writeTimeout,
        @Bindable(defaultValue = "100") int defaultLimit,
        @Bindable(defaultValue = "1000") int maxLimit) {
    /** Checks the ranges. */
    SeriesQuerySettings {
        if (maxReaders < 1 || defaultLimit < 1 || maxLimit < defaultLimit) {
            throw new IllegalArgumentException("tailrace.series-queries: max-readers " + maxReaders
                    + ", default-limit " + defaultLimit + ", max-limit " + maxLimit
                    + ", expected at least 1 each, and max-limit at least default-limit");
        }
    }
}
