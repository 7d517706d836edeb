/**
 * {@code tailrace.posts} as the table {@code posts}: what everybody wrote.
 */
@NullMarked
package io.tailrace.projections.post;

import org.jspecify.annotations.NullMarked;
