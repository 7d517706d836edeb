/** What this service does for the queue monitor: the type of jobs {@code reindex}. */
@NullMarked
package io.tailrace.search.job;

import org.jspecify.annotations.NullMarked;
