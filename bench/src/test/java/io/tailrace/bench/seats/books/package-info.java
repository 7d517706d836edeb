/** Tests of the check of the books: it must find what is wrong. */
@NullMarked
package io.tailrace.bench.seats.books;

import org.jspecify.annotations.NullMarked;
