/** Tests of the seats' vocabulary. */
@NullMarked
package io.tailrace.contracts.seat;

import org.jspecify.annotations.NullMarked;
