package io.tailrace.ingest.outbox;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * The bounds of the outbox's relay. Immutable.
 *
 * @param relayEnabled whether this process may relay; of all that may, one does
 * @param batchSize rows that are read and sent at a time
 * @param pollInterval how long the relay sleeps when nobody wakes it; it finds rows then whose writer did not notify
 * @param retryInterval how long it waits after a fault, and between attempts to become the active one
 */
@ConfigurationProperties("tailrace.outbox")
public record OutboxSettings(
        @Bindable(defaultValue = "true") boolean relayEnabled,
        @Bindable(defaultValue = "200") int batchSize,
        @Bindable(defaultValue = "1s") Duration pollInterval,
        @Bindable(defaultValue = "1s") Duration retryInterval) {
    /** Checks the ranges. */
    public OutboxSettings {
        if (batchSize < 1 || batchSize > 10_000) {
            throw new IllegalArgumentException("tailrace.outbox.batch-size: " + batchSize + ", expected 1 to 10000");
        }
    }
}
