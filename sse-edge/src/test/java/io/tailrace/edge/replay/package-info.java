/** Tests of the room of the same name. */
@NullMarked
package io.tailrace.edge.replay;

import org.jspecify.annotations.NullMarked;
