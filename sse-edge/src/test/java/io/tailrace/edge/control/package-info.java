/** Changes of open streams over HTTP, on one edge and between two, and what an operator sees. */
@NullMarked
package io.tailrace.edge.control;

import org.jspecify.annotations.NullMarked;
