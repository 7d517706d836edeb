/** Tests of the room of the same name. */
@NullMarked
package io.tailrace.kit.kafka;

import org.jspecify.annotations.NullMarked;
