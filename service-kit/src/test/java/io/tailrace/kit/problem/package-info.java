/** Tests of the room of the same name. */
@NullMarked
package io.tailrace.kit.problem;

import org.jspecify.annotations.NullMarked;
