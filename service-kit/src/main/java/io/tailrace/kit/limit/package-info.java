/**
 * How often somebody may write: token buckets by caller, shared by all nodes through Redis where it can be reached. What
 * a write is and does is its controller's; limits of connections and sizes are in {@code kit.http}.
 */
@NullMarked
package io.tailrace.kit.limit;

import org.jspecify.annotations.NullMarked;
