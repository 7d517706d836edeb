/**
 * The type of jobs {@code redrive}: dead letters go back to where they came from. What may go back is decided in a pure core, {@code
 * RedriveRules} and {@code Newest}; {@code RedriveHandler} reads and writes the log.
 */
@NullMarked
package io.tailrace.workers.redrive;

import org.jspecify.annotations.NullMarked;
