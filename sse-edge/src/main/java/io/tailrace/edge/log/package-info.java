/**
 * Where the edge touches Kafka: one thread that reads what is new, and questions about topics and offsets. Nothing
 * about connections enters; event loops are known by their {@link io.tailrace.edge.log.LoopInbox}.
 */
@NullMarked
package io.tailrace.edge.log;

import org.jspecify.annotations.NullMarked;
