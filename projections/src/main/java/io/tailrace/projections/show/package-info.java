/**
 * {@code tailrace.shows} as the table {@code shows}: what can be reserved. Whose the seats are is the neighbour's.
 */
@NullMarked
package io.tailrace.projections.show;

import org.jspecify.annotations.NullMarked;
