/** Readings from many writers to windows, charts and answers, beside plain PostgreSQL. */
@NullMarked
package io.tailrace.bench.series;

import org.jspecify.annotations.NullMarked;
