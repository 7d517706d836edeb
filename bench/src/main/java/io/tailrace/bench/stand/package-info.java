/** What a benchmark runs against: a Tailrace of its own, started by the launcher, with clients of the HTTP contract. */
@NullMarked
package io.tailrace.bench.stand;

import org.jspecify.annotations.NullMarked;
