package io.tailrace.kit.consume;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * A record that cannot be used.
 *
 * @param record as it came
 * @param reason why
 */
public record Poisoned(ConsumerRecord<byte[], byte[]> record, String reason) {}
