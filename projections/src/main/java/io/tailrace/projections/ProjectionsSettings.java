package io.tailrace.projections;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the projections run.
 *
 * @param groupPrefix the consumer group of a projection is this and its name. Instances that write to one database share
 *     it; those of another database on the same Kafka need another
 * @param instanceId if set, an instance that comes back under this name within {@code sessionTimeout} takes its partitions
 *     up at once, also after {@code kill -9}; unique per running instance (KIP-345). Unset: partitions of an instance that
 *     was killed are free after {@code sessionTimeout}
 * @param sessionTimeout after this silence an instance counts as dead and others take its partitions
 * @param turnTimeout after this long in one turn an instance counts as stuck and others take its partitions; longer than
 *     {@code databaseTimeout} and {@code deadLetterTimeout}
 * @param batchRecords the most records in one transaction
 * @param batchInterval the least time between the beginnings of two transactions of one projection while fewer than
 *     {@code batchRecords} wait: what is written meanwhile is applied in one. A change before which there was none for so long is
 *     applied at once; 0: none waits
 * @param fetchBytes the most bytes that one fetch brings
 * @param fetchWait how long a broker holds a fetch for which it has nothing; data ends the wait at once
 * @param pollWait how long one turn of a loop waits for records
 * @param databaseTimeout the longest silence of PostgreSQL within a transaction before it counts as away
 * @param retryFirst the wait after the first failure; it doubles from there
 * @param retryLongest the longest wait between attempts
 * @param generationCheck how often to look whether the topic is still the same one
 * @param brokerTimeout the longest wait for an answer of Kafka to a question about a topic
 * @param deadLetterTimeout the longest wait for Kafka to take a dead letter
 * @param seatMapCheck how often to look whether Redis still has the seat maps
 * @param stopTimeout how long a stop waits for the transactions under way
 */
@ConfigurationProperties("tailrace.projections")
public record ProjectionsSettings(
        @Bindable(defaultValue = "tailrace-projection-") String groupPrefix,
        @Nullable String instanceId,
        @Bindable(defaultValue = "10s") Duration sessionTimeout,
        @Bindable(defaultValue = "60s") Duration turnTimeout,
        @Bindable(defaultValue = "1000") int batchRecords,
        @Bindable(defaultValue = "25ms") Duration batchInterval,
        @Bindable(defaultValue = "4194304") int fetchBytes,
        @Bindable(defaultValue = "250ms") Duration fetchWait,
        @Bindable(defaultValue = "500ms") Duration pollWait,
        @Bindable(defaultValue = "10s") Duration databaseTimeout,
        @Bindable(defaultValue = "100ms") Duration retryFirst,
        @Bindable(defaultValue = "5s") Duration retryLongest,
        @Bindable(defaultValue = "10s") Duration generationCheck,
        @Bindable(defaultValue = "5s") Duration brokerTimeout,
        @Bindable(defaultValue = "30s") Duration deadLetterTimeout,
        @Bindable(defaultValue = "1s") Duration seatMapCheck,
        @Bindable(defaultValue = "10s") Duration stopTimeout) {}
