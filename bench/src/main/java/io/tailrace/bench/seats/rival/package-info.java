/**
 * What a team would write instead, with the same HTTP stack, tokens and machine: rows that are locked in PostgreSQL, or a
 * lock in Redis before them. Nothing of the log may be used here.
 */
@NullMarked
package io.tailrace.bench.seats.rival;

import org.jspecify.annotations.NullMarked;
