/** The checker of runs with jobs is shown what it must object to. */
@NullMarked
package io.tailrace.systemtests.chaos.jobs;

import org.jspecify.annotations.NullMarked;
