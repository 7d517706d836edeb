/**
 * Drives what {@code supervision} decides: processes, signals, log files, the loop. No knowledge of what a process is
 * good for may enter.
 */
@NullMarked
package io.tailrace.standalone.process;

import org.jspecify.annotations.NullMarked;
