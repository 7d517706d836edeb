/**
 * {@code tailrace.uploads} as the table {@code uploads}.
 */
@NullMarked
package io.tailrace.projections.upload;

import org.jspecify.annotations.NullMarked;
