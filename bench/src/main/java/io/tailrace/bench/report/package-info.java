/** How a result is printed: a table for people, one line of JSON for programs. */
@NullMarked
package io.tailrace.bench.report;

import org.jspecify.annotations.NullMarked;
