/**
 * The position of a subscriber, and its text form: the SSE event id. Pure, and free of Kafka types: a partition is a
 * number here and a topic is the number of its namespace.
 */
@NullMarked
package io.tailrace.contracts.cursor;

import org.jspecify.annotations.NullMarked;
