/** The two things that are compared, as the benchmark asks them for jobs. */
@NullMarked
package io.tailrace.bench.jobs.arm;

import org.jspecify.annotations.NullMarked;
