/** Tests of the decisions on seats, against a book in memory and a simple reference model. */
@NullMarked
package io.tailrace.dispatcher.seat;

import org.jspecify.annotations.NullMarked;
