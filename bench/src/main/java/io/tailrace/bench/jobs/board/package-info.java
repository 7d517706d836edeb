/** Where processes that run jobs note when each has started. */
@NullMarked
package io.tailrace.bench.jobs.board;

import org.jspecify.annotations.NullMarked;
