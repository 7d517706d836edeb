/** Tests of what jobs and queues may be. */
@NullMarked
package io.tailrace.contracts.job;

import org.jspecify.annotations.NullMarked;
