/** The edge as a whole: real sockets, a real broker. */
@NullMarked
package io.tailrace.edge;

import org.jspecify.annotations.NullMarked;
