/** Tests of the room of the same name. */
@NullMarked
package io.tailrace.kit.json;

import org.jspecify.annotations.NullMarked;
