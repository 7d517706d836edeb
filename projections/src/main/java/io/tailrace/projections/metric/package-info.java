/**
 * {@code tailrace.metrics} as the table {@code metrics}: which metrics there are.
 */
@NullMarked
package io.tailrace.projections.metric;

import org.jspecify.annotations.NullMarked;
