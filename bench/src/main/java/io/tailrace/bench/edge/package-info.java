/** Fan-out: the edge, a bare Netty server and a plain Micronaut one under the same load, in turns. */
@NullMarked
package io.tailrace.bench.edge;

import org.jspecify.annotations.NullMarked;
