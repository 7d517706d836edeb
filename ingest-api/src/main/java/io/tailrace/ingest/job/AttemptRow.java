package io.tailrace.ingest.job;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An attempt of a job, as the projections hold it. */
@MappedEntity("job_attempts")
record AttemptRow(
        @Id int attempt,
        @Nullable String worker,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt,
        @Nullable String outcome,
        @Nullable String errorType,
        @Nullable String errorMessage) {}
