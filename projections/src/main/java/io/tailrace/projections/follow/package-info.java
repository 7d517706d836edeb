/**
 * {@code tailrace.follows} as the table {@code follows}: who follows whom now.
 */
@NullMarked
package io.tailrace.projections.follow;

import org.jspecify.annotations.NullMarked;
