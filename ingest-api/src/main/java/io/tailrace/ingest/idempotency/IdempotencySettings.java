package io.tailrace.ingest.idempotency;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How long idempotency keys hold. Immutable.
 *
 * @param retention how long an answer is kept, and how long an interrupted request can be resumed
 * @param lease how long a request may run before another with its key may take over; longer than a request can take, or
 *     two of them run at once
 * @param sweepInterval how often expired keys are deleted
 */
@ConfigurationProperties("tailrace.idempotency")
public record IdempotencySettings(
        @Bindable(defaultValue = "24h") Duration retention,
        @Bindable(defaultValue = "30s") Duration lease,
        @Bindable(defaultValue = "10m") Duration sweepInterval) {}
