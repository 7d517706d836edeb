/**
 * {@code tailrace.follows} as the table {@code follows}: who follows whom now.
 */
@NullMarked
package io.tailrace.workers.follow;

import org.jspecify.annotations.NullMarked;
