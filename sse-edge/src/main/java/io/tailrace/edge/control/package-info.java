/**
 * What is done to open streams from outside: changes of their channels and tokens, whichever edge receives them, and the
 * look of an operator. How a stream is opened and how events move is none of its business.
 */
@NullMarked
package io.tailrace.edge.control;

import org.jspecify.annotations.NullMarked;
