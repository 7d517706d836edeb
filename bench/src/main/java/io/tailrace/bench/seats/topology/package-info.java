/**
 * Decisions on seats in the dispatcher, between Kafka and Kafka: no HTTP, no database. The dispatcher is a process of its
 * own as in production; only records go in and come out.
 */
@NullMarked
package io.tailrace.bench.seats.topology;

import org.jspecify.annotations.NullMarked;
