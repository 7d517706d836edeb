/** Which models answer, and whose servers they are asked on. */
@NullMarked
package io.tailrace.kit.answer;

import org.jspecify.annotations.NullMarked;
