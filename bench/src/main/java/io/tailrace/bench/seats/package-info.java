/** The rush simulator: Tailrace and what a team would write instead, on one machine in one run. */
@NullMarked
package io.tailrace.bench.seats;

import org.jspecify.annotations.NullMarked;
