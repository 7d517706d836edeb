/**
 * Takes from the copies what can no longer be asked for, so that their size goes with what is live and not with all there ever
 * was. In bounded transactions; which shows are over, and in what order their copies go, is decided without I/O.
 */
@NullMarked
package io.tailrace.projections.trim;

import org.jspecify.annotations.NullMarked;
