/**
 * The edge's event loops: each drives one {@link io.tailrace.edge.stream.StreamLoop} on its own thread. Nothing is decided
 * about a stream here, and nothing of HTTP enters.
 */
@NullMarked
package io.tailrace.edge.loop;

import org.jspecify.annotations.NullMarked;
