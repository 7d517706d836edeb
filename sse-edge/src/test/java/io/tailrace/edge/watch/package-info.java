/** Tests of what {@code Watch} tells. */
@NullMarked
package io.tailrace.edge.watch;

import org.jspecify.annotations.NullMarked;
