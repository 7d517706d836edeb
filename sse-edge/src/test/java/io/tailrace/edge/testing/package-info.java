/**
 * What the edge's tests stand on: a real broker, real sockets, and waiting for what can be observed. No assertions about
 * the edge itself.
 */
@NullMarked
package io.tailrace.edge.testing;

import org.jspecify.annotations.NullMarked;
