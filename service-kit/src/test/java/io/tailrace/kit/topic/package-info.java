/** The topics command against a real broker. */
@NullMarked
package io.tailrace.kit.topic;

import org.jspecify.annotations.NullMarked;
