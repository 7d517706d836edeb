/**
 * Decides which range of the log is replayed next, so that readers who want the same read it once and live delivery
 * comes first. Pure: time is passed in; the reading itself happens elsewhere.
 */
@NullMarked
package io.tailrace.edge.replay.plan;

import org.jspecify.annotations.NullMarked;
