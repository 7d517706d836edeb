package io.tailrace.ingest.job;

import io.micronaut.core.annotation.Introspected;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.contracts.job.JobType;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request for a job. What is missing is as its type has it.
 *
 * @param type which handler runs it; one of the declared types
 * @param payload JSON that fits the type, at most 262,144 bytes
 * @param queue one of the declared queues
 * @param runAt not before this time; a time that has passed is now
 * @param delaySeconds not before so long after it was enqueued; not with {@code run_at}
 * @param priority 0 to 9; those of the highest priority go first
 * @param uniqueKey at most one job of the queue has it at a time
 * @param uniqueSeconds how long it has the key, whatever becomes of it; 0 for as long as it is not finished
 * @param maxAttempts how many attempts there are before it is dead
 * @param timeoutSeconds how long one attempt may take
 * @param key whose work it is, where a queue limits the jobs of each key
 */
@Introspected
record NewJob(
        String type,
        @Schema(implementation = Object.class) @Nullable Object payload,
        @Nullable String queue,
        @Nullable Instant runAt,
        @Nullable Integer delaySeconds,
        @Nullable Integer priority,
        @Nullable String uniqueKey,
        @Nullable Integer uniqueSeconds,
        @Nullable Integer maxAttempts,
        @Nullable Integer timeoutSeconds,
        @Nullable String key) {
    /**
     * The command.
     *
     * @param declared the type
     * @param json the payload
     * @param usualKey the key of a job that names none
     */
    JobCommand.Enqueue command(UUID id, JobType declared, String json, @Nullable String usualKey) {
        JobSpec spec = new JobSpec(
                type,
                or(priority, JobSpec.DEFAULT_PRIORITY),
                runAt,
                or(delaySeconds, 0),
                uniqueKey,
                or(uniqueSeconds, 0),
                or(maxAttempts, declared.maxAttempts()),
                or(timeoutSeconds, declared.timeoutSeconds()),
                key == null ? usualKey : key,
                declared.retry());
        return new JobCommand.Enqueue(id, queue == null ? declared.queue() : queue, spec, json);
    }

    private static int or(@Nullable Integer value, int otherwise) {
        return value == null ? otherwise : value;
    }
}
