package io.tailrace.projections.job;

import io.tailrace.contracts.job.JobEvents.JobLogged;
import java.time.Instant;

/**
 * What a record of {@code tailrace.job-logs} adds to the tables.
 *
 * @param logged the lines
 * @param at when they were written
 */
public record JobLogChange(JobLogged logged, Instant at) {}
