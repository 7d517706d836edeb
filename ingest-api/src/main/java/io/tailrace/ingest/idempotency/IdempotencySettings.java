package io.tailrace.ingest.idempotency;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * How long idempotency keys hold. Immutable.
 *
 * @param retention how long an answer is kept, and how long an interrupted request can be resumed
 * @param lease how long a request may run before another with its key may take over, if its process still lives or it is not
 *     known whether it does; longer than a request can take, or two of them run at once
 * @param deadAfter after how long without its lock in PostgreSQL a process counts as dead, so that others take over its
 *     requests at once; longer than a process that lives takes to connect again
 * @param sweepInterval how often expired keys are deleted
 */
@ConfigurationProperties("tailrace.idempotency")
public record IdempotencySettings(
        @Bindable(defaultValue = "24h") Duration retention,
        @Bindable(defaultValue = "30s") Duration lease,
        @Bindable(defaultValue = "2s") Duration deadAfter,
        @Bindable(defaultValue = "10m") Duration sweepInterval) {}
