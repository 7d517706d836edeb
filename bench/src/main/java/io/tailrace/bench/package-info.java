/** Benchmarks: each measures the running system from outside beside a baseline in the same run, and reports ratios. */
@NullMarked
package io.tailrace.bench;

import org.jspecify.annotations.NullMarked;
