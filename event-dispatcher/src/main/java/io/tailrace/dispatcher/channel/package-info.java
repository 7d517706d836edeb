/**
 * What the topologies write: events of channels. Kafka's record types may be used here; no framework, no clock and no
 * I/O may enter.
 */
@NullMarked
package io.tailrace.dispatcher.channel;

import org.jspecify.annotations.NullMarked;
