/** Cron texts, and when they are due in a time zone. Pure; see docs/decisions/0053. */
@NullMarked
package io.tailrace.kit.cron;

import org.jspecify.annotations.NullMarked;
