/**
 * Time that passes, as against the time of day. Durations, deadlines and pauses are measured with what is in here; an
 * instant that is told to people, or compared with one from outside (a token's end, a record's timestamp), is not.
 */
@NullMarked
package io.tailrace.kit.time;

import org.jspecify.annotations.NullMarked;
