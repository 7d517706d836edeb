package io.tailrace.ingest.job;

import io.micronaut.core.annotation.Introspected;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of jobs.
 *
 * @param jobs those that were enqueued last first
 * @param next the {@code before} of the next page, or null if there is none
 */
@Introspected
record JobPage(List<JobDetails> jobs, @Nullable String next) {}
