package io.tailrace.projections.trim;

import java.time.Instant;
import java.util.UUID;

/** A show that began so long ago that nobody may ask for its seats. */
record PastShow(UUID id, Instant startsAt) {}
