/** Jobs from the moment when they should start until they do, beside a job scheduler on PostgreSQL. */
@NullMarked
package io.tailrace.bench.jobs;

import org.jspecify.annotations.NullMarked;
