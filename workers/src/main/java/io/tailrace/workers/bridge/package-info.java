/**
 * The type of jobs {@code bridge}: metrics of other servers that implement {@code SeriesService.Watch} are copied into the log. A job has no
 * end of its own; docs/bridges.md says how it is supervised.
 */
@NullMarked
package io.tailrace.workers.bridge;

import org.jspecify.annotations.NullMarked;
