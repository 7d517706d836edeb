/**
 * The driver of the dispatcher: settings, Kafka Streams' threads, health, metrics and the end of the process. What the
 * topologies decide does not belong here; they are in the packages below, which know nothing of this one.
 */
@NullMarked
package io.tailrace.dispatcher;

import org.jspecify.annotations.NullMarked;
