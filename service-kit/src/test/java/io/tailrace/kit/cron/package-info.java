/** Tests of {@link io.tailrace.kit.cron}. */
@NullMarked
package io.tailrace.kit.cron;

import org.jspecify.annotations.NullMarked;
