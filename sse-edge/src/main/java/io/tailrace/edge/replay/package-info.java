/**
 * The reading of older records: threads that read the ranges which {@code plan} chooses, and the search for the start
 * of {@code last:N}. Nothing about connections enters.
 */
@NullMarked
package io.tailrace.edge.replay;

import org.jspecify.annotations.NullMarked;
