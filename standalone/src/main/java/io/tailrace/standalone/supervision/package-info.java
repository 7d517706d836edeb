/**
 * What the supervisor decides: what to start next, when to try again, what to stop first, whose process an old one is.
 * Pure: time and observations come in as values; no process, thread, file or clock may enter.
 */
@NullMarked
package io.tailrace.standalone.supervision;

import org.jspecify.annotations.NullMarked;
