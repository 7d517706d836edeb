package io.tailrace.exporter.export;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What of a source a job exports.
 *
 * @param from not what is before this time; null for all that was not exported yet
 * @param to not what is at or behind this time; null for what there is when the job begins
 * @param most so many offsets of each partition at the most
 */
public record Bounds(@Nullable Instant from, @Nullable Instant to, long most) {
    /** All that was not exported yet. */
    public static final Bounds ALL = new Bounds(null, null, Long.MAX_VALUE);
}
