/**
 * Tables that are partitioned by time: which partition a row is in, which there are, and which are over. Partitions are made when the
 * first row comes and dropped when all of their rows are too old.
 */
@NullMarked
package io.tailrace.projections.partition;

import org.jspecify.annotations.NullMarked;
