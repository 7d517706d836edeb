package io.tailrace.ingest.log;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/**
 * The bounds of appending to the log. Immutable.
 *
 * @param deliveryTimeout how long one event may take to be acknowledged, broker outages included; then the request is
 *     answered 503
 * @param maxBlock how long a request waits for metadata or for room in the buffer before it is answered 503
 * @param bufferBytes what may wait for the broker in memory, over all requests, in bytes
 * @param maxInFlight requests that may wait for the broker at a time; one more is answered 503 at once
 * @param maxRecordBytes the largest event with key and headers, in bytes; a larger one is answered 413. No more than
 *     the topics' {@code max.message.bytes}
 * @param lookBackTimeout how long a retried request may search the log for what its first attempt did
 * @param topicIdTtl how long a topic's id is believed before it is asked for again
 */
@ConfigurationProperties("tailrace.log")
public record LogSettings(
        @Bindable(defaultValue = "10s") Duration deliveryTimeout,
        @Bindable(defaultValue = "2s") Duration maxBlock,
        @Bindable(defaultValue = "33554432") long bufferBytes,
        @Bindable(defaultValue = "2000") int maxInFlight,
        @Bindable(defaultValue = "1048576") int maxRecordBytes,
        @Bindable(defaultValue = "5s") Duration lookBackTimeout,
        @Bindable(defaultValue = "30s") Duration topicIdTtl) {
    /** Checks the ranges. */
    public LogSettings {
        if (deliveryTimeout.compareTo(Duration.ofMillis(500)) < 0) {
            throw new IllegalArgumentException(
                    "tailrace.log.delivery-timeout: " + deliveryTimeout + ", expected at least 500 ms");
        }
        if (maxInFlight < 1 || maxRecordBytes < 1024 || bufferBytes < 2L * maxRecordBytes) {
            throw new IllegalArgumentException("tailrace.log: max-in-flight " + maxInFlight + ", max-record-bytes "
                    + maxRecordBytes + ", buffer-bytes " + bufferBytes
                    + "; expected at least 1, at least 1024, and a buffer of at least two records");
        }
    }
}
