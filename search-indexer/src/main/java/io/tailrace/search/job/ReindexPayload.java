package io.tailrace.search.job;

import org.jspecify.annotations.Nullable;

/**
 * Which index is made anew.
 *
 * @param index its name
 * @param restart whether what was begun before is dropped; null for false. It counts for the first attempt at the job, later ones go on
 */
record ReindexPayload(String index, @Nullable Boolean restart) {}
