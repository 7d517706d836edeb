/**
 * The order of what a source of a bridge says: what is next, what comes again, what is missing. Pure: the time is passed in, and what is to be
 * written is handed out.
 */
@NullMarked
package io.tailrace.workers.bridge.sequence;

import org.jspecify.annotations.NullMarked;
