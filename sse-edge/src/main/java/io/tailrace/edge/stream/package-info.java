/**
 * The heart of the edge: a stream is a set of cursors into the log, and one {@link io.tailrace.edge.stream.StreamLoop}
 * per event loop moves them. Pure: time, randomness, log and network are passed in; nothing here blocks or has a thread.
 */
@NullMarked
package io.tailrace.edge.stream;

import org.jspecify.annotations.NullMarked;
