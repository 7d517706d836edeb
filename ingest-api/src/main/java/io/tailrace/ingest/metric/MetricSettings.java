package io.tailrace.ingest.metric;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * Who may write metrics, and their bounds. Immutable.
 *
 * @param open whether metrics can be written and read without a token
 * @param knownMetrics how many ids of metrics are remembered, so that a reading need not ask PostgreSQL
 * @param maxFuture how far in the future a reading may be dated; one from far ahead would make all others late
 */
@ConfigurationProperties("tailrace.metrics")
public record MetricSettings(
        @Bindable(defaultValue = "false") boolean open,
        @Bindable(defaultValue = "100000") int knownMetrics,
        @Bindable(defaultValue = "1h") Duration maxFuture) {}
