/** A lean HTTP/1.1 client of a few kept connections, so that the load costs little beside what is measured. No JSON here. */
@NullMarked
package io.tailrace.bench.seats.http;

import org.jspecify.annotations.NullMarked;
