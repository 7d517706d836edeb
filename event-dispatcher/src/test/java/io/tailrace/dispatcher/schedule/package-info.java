/** Tests of the schedule topology and of its decisions. */
@NullMarked
package io.tailrace.dispatcher.schedule;

import org.jspecify.annotations.NullMarked;
