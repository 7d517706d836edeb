/** What Tailrace is compared with: db-scheduler over the same PostgreSQL, in a process of its own. */
@NullMarked
package io.tailrace.bench.jobs.rival;

import org.jspecify.annotations.NullMarked;
