/**
 * The names, keys and settings of every Kafka topic. No Kafka types.
 */
@NullMarked
package io.tailrace.contracts.topic;

import org.jspecify.annotations.NullMarked;
