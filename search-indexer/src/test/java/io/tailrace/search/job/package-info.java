/** Rebuilds in jobs, on real servers. */
@NullMarked
package io.tailrace.search.job;

import org.jspecify.annotations.NullMarked;
