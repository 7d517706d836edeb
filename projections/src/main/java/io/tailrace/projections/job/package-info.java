/** {@code tailrace.job-events} as rows about jobs, their attempts and their queues. What is decided about a job may not enter. */
@NullMarked
package io.tailrace.projections.job;

import org.jspecify.annotations.NullMarked;
