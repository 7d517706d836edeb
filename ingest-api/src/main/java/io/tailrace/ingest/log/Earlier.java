package io.tailrace.ingest.log;

import java.time.Instant;

/**
 * The span of time in which an earlier attempt at the same request may have appended its events.
 *
 * @param from when the first attempt began
 * @param until when the last one had ended or given up
 */
public record Earlier(Instant from, Instant until) {}
