/**
 * What an edge keeps of a partition: batches of frames that were encoded once, with an index by channel, and the
 * bounded window of the newest of them. Pure: no Kafka, no Netty, no clock, no thread.
 */
@NullMarked
package io.tailrace.edge.window;

import org.jspecify.annotations.NullMarked;
