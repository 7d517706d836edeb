/**
 * The commands of {@code ./tailrace} that need a JVM: what they are asked, what they print and how they end. Decisions and
 * processes may not enter.
 */
@NullMarked
package io.tailrace.standalone.command;

import org.jspecify.annotations.NullMarked;
