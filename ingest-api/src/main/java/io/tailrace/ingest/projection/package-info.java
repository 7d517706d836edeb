/**
 * Reading one's own writes: waiting, bounded, until a projection has passed the log's end. Writes no projection.
 */
@NullMarked
package io.tailrace.ingest.projection;

import org.jspecify.annotations.NullMarked;
