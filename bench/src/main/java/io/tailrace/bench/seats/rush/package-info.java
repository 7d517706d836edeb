/** Buyers who fight over the seats of a show, over HTTP, and what each of them was told. No server and no check in here. */
@NullMarked
package io.tailrace.bench.seats.rush;

import org.jspecify.annotations.NullMarked;
