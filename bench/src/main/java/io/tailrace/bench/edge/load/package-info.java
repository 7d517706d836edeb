/** The load of the fan-out benchmark: messages with a number and a time, how they are sent, and the check of what arrived. */
@NullMarked
package io.tailrace.bench.edge.load;

import org.jspecify.annotations.NullMarked;
