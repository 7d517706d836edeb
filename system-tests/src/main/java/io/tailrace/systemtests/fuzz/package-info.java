/** Broken requests by the thousand against a running Tailrace. The command and the run; what may not enter: what the system is made of. */
@NullMarked
package io.tailrace.systemtests.fuzz;

import org.jspecify.annotations.NullMarked;
