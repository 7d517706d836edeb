package io.tailrace.ingest.projection;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;

/**
 * How far a projection has read a partition.
 *
 * @param projection the projection's name
 * @param topic the topic
 * @param partition the partition
 * @param nextOffset the offset of the first record that it has not applied
 * @param generation the topic's id
 */
@MappedEntity("projection_positions")
record ProjectionPosition(@Id String projection, String topic, int partition, long nextOffset, String generation) {}
