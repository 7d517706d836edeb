/** The running Tailrace that a schedule happens to: its processes, its log, its publishers. */
@NullMarked
package io.tailrace.systemtests.chaos.world;

import org.jspecify.annotations.NullMarked;
