package io.tailrace.ingest.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import io.tailrace.contracts.job.JobEvents.JobView;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a command led to.
 *
 * @param id the job
 * @param state where it stands; {@code pending} if the command is not decided yet
 * @param queue its queue
 * @param type its type
 * @param runAt when it may run
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
record JobAnswer(UUID id, String state, String queue, @Nullable String type, @Nullable Instant runAt) {
    static JobAnswer of(JobView job) {
        return new JobAnswer(job.id(), job.state(), job.queue(), job.type(), job.runAt());
    }

    static JobAnswer pending(UUID id, String queue, @Nullable String type) {
        return new JobAnswer(id, "pending", queue, type, null);
    }
}
