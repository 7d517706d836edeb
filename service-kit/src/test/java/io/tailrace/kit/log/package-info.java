/** The topics command against a real broker. */
@NullMarked
package io.tailrace.kit.log;

import org.jspecify.annotations.NullMarked;
