/**
 * The metrics topology: metrics and their readings go to the one channel that shows them. Kafka Streams' API may be
 * used here; no framework, no clock and no I/O may enter.
 */
@NullMarked
package io.tailrace.dispatcher.metrics;

import org.jspecify.annotations.NullMarked;
