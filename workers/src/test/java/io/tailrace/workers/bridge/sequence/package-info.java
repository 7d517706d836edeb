/** Tests of the order of what sources say. */
@NullMarked
package io.tailrace.workers.bridge.sequence;

import org.jspecify.annotations.NullMarked;
