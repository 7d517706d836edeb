/** Cleaning up by jobs, and the system schedule that enqueues them: docs/jobs.md, "System schedules". */
@NullMarked
package io.tailrace.workers.forget;

import org.jspecify.annotations.NullMarked;
