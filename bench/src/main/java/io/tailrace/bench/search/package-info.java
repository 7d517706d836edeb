/** Search over people: how fast they are indexed and found, beside PostgreSQL's ILIKE over the same rows. */
@NullMarked
package io.tailrace.bench.search;

import org.jspecify.annotations.NullMarked;
