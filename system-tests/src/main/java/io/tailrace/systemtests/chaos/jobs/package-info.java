/** Jobs while what runs, decides on and keeps them is killed and frozen, and whether the log says of each what it must. */
@NullMarked
package io.tailrace.systemtests.chaos.jobs;

import org.jspecify.annotations.NullMarked;
