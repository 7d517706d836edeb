package io.tailrace.ingest.projection;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * The bounds of reading one's own writes. Immutable.
 *
 * @param maxWait how long a read waits for a projection that lags behind the log
 * @param pollInterval how often it looks
 */
@ConfigurationProperties("tailrace.projection-wait")
public record ProjectionSettings(
        @Bindable(defaultValue = "2s") Duration maxWait, @Bindable(defaultValue = "10ms") Duration pollInterval) {}
