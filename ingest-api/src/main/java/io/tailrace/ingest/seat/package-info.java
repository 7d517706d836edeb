/**
 * Reserving seats: commands to the log, decisions from it. Nothing here decides, guesses a decision, or asks a database who
 * has a seat.
 */
@NullMarked
package io.tailrace.ingest.seat;

import org.jspecify.annotations.NullMarked;
