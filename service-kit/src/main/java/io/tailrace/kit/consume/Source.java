package io.tailrace.kit.consume;

/**
 * The topic that a loop reads, as it is at the moment.
 *
 * @param topic its name
 * @param generation its Kafka topic id (KIP-516), which changes when it is deleted and created again
 * @param partitions how many it has
 */
public record Source(String topic, String generation, int partitions) {}
