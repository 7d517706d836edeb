package io.tailrace.ingest.job;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.time.Instant;

/** A line that a handler has logged, as the projections hold it. */
@MappedEntity("job_log_lines")
record LogLineRow(int attempt, @Id int line, Instant at, String level, String text) {}
