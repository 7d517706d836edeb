/** One attempt at a job: what it was released with, how far it is, what is said of it. Pure; no thread and no client. */
@NullMarked
package io.tailrace.kit.job.attempt;

import org.jspecify.annotations.NullMarked;
