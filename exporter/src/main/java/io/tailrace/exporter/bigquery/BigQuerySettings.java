package io.tailrace.exporter.bigquery;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How BigQuery is reached. The credentials are those that every client of Google Cloud finds by itself. Immutable.
 *
 * @param endpoint where the Storage Write API is, as {@code host:port}; empty for Google's
 * @param answerTimeout how long one answer may take
 * @param reconnectFor for how long a broken connection is made again within an attempt at the job
 */
@ConfigurationProperties("tailrace.exporter.bigquery")
public record BigQuerySettings(
        @Bindable(defaultValue = "") String endpoint,
        @Bindable(defaultValue = "1m") Duration answerTimeout,
        @Bindable(defaultValue = "1m") Duration reconnectFor) {
    /** Checks the ranges. */
    public BigQuerySettings {
        if (!endpoint.matches("|[^\\s/?#]+:[0-9]{1,5}")) {
            throw new IllegalArgumentException(
                    "tailrace.exporter.bigquery.endpoint: \"" + endpoint + "\", expected host:port or nothing");
        }
        check("answer-timeout", answerTimeout);
        check("reconnect-for", reconnectFor);
    }

    private static void check(String name, Duration value) {
        if (value.toMillis() < 1 || value.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException(
                    "tailrace.exporter.bigquery." + name + ": " + value + ", expected 1 ms to 1 h");
        }
    }
}
