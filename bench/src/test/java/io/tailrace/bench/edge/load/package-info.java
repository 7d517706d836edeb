/** The check of the fan-out benchmark must be able to fail. */
@NullMarked
package io.tailrace.bench.edge.load;

import org.jspecify.annotations.NullMarked;
