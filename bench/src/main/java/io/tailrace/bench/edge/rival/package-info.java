/**
 * What the edge is compared with, each a process of its own that reads the same records from Kafka: a bare Netty server
 * that broadcasts frames, as the limit, and a plain Micronaut controller, as what a team would write first. Neither can
 * resume anything.
 */
@NullMarked
package io.tailrace.bench.edge.rival;

import org.jspecify.annotations.NullMarked;
