/**
 * Copies of the decisions about seats: reservations and seat maps, in PostgreSQL and in Redis. Nothing here decides, and no
 * decision waits for anything here.
 */
@NullMarked
package io.tailrace.projections.seat;

import org.jspecify.annotations.NullMarked;
