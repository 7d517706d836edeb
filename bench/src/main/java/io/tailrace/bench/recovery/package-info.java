/** How long the dispatcher takes to decide on seats again after a crash, with many shows that are over. */
@NullMarked
package io.tailrace.bench.recovery;

import org.jspecify.annotations.NullMarked;
