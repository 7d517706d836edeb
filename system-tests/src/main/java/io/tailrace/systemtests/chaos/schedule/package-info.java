/** What goes wrong and when, as a pure function of a seed. No clock, no process and no socket enters here. */
@NullMarked
package io.tailrace.systemtests.chaos.schedule;

import org.jspecify.annotations.NullMarked;
