/** The service {@code workers} with a handler that does nothing, in a process of its own. */
@NullMarked
package io.tailrace.bench.jobs.worker;

import org.jspecify.annotations.NullMarked;
