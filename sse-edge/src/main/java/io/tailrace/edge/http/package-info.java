/**
 * The HTTP side of streams: what a client asks for, whether it may have it, the answer's head and the connection that
 * follows. How events move is none of its business.
 */
@NullMarked
package io.tailrace.edge.http;

import org.jspecify.annotations.NullMarked;
