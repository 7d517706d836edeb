/** The check of the books after a rush: the log, PostgreSQL, the stream and what the buyers were told, against one another. */
@NullMarked
package io.tailrace.bench.seats.books;

import org.jspecify.annotations.NullMarked;
