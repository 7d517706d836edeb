/** Tests of the room of the same name. */
@NullMarked
package io.tailrace.kit.boot;

import org.jspecify.annotations.NullMarked;
