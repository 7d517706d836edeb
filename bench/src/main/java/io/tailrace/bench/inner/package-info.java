/**
 * The hot inner parts of the edge without a network (JMH): framing, cursors, the index of a batch, and the loop that hands
 * frames to streams, each beside what one would write first. No processes, no Kafka.
 */
@NullMarked
package io.tailrace.bench.inner;

import org.jspecify.annotations.NullMarked;
