/**
 * What becomes of a record that cannot be used: read it, name its fault, send it to the dead letters, go on. Kafka
 * Streams' API may be used here; no framework, no clock and no I/O may enter.
 */
@NullMarked
package io.tailrace.dispatcher.poison;

import org.jspecify.annotations.NullMarked;
