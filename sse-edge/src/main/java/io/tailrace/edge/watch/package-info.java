/**
 * What {@code SeriesService.Watch} tells, apart from who carries it: requests, cursors, numbers, windows that are told already, points that are
 * passed over. Pure.
 */
@NullMarked
package io.tailrace.edge.watch;

import org.jspecify.annotations.NullMarked;
