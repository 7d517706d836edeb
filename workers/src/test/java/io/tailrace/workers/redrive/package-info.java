/** Dead letters that go back, on a real broker. */
@NullMarked
package io.tailrace.workers.redrive;

import org.jspecify.annotations.NullMarked;
