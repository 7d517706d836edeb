package io.tailrace.workers.redrive;

import org.jspecify.annotations.Nullable;

/**
 * Which dead letters go back.
 *
 * @param topic those of records of this topic alone; null for all
 * @param consumer those of whom could not use them, for example {@code projections/posts}; null for all
 * @param most so many letters at the most; null for all
 * @param dryRun whether nothing is written and only counted; null for false
 */
record RedrivePayload(
        @Nullable String topic, @Nullable String consumer, @Nullable Integer most, @Nullable Boolean dryRun) {
    /** So many letters at the most. */
    long bound() {
        return most == null ? Long.MAX_VALUE : most;
    }
}
