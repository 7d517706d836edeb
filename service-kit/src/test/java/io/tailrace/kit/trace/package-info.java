/** The topics command against a real broker. */
@NullMarked
package io.tailrace.kit.trace;

import org.jspecify.annotations.NullMarked;
