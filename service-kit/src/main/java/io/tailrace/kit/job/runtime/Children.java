package io.tailrace.kit.job.runtime;

import io.tailrace.contracts.identity.DerivedId;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.contracts.job.JobType;
import io.tailrace.contracts.job.JobTypes;
import io.tailrace.kit.job.attempt.AttemptCommands;
import io.tailrace.kit.json.Json;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/** Enqueues jobs on behalf of jobs. Thread-safe; blocks until the log has them. */
final class Children {
    private final JobTypes types;
    private final CommandLog log;
    private final AttemptCommands commands;

    Children(JobTypes types, CommandLog log, AttemptCommands commands) {
        this.types = types;
        this.log = log;
        this.commands = commands;
    }

    /**
     * Enqueues a job as its type has it.
     *
     * @param parent on whose behalf
     * @param name tells the jobs of one parent apart
     * @return its id, which is made of the parent's and the name
     * @throws IllegalArgumentException if the type is not declared, or the payload is not what it has to be
     * @throws IllegalStateException if the log did not acknowledge it in time
     */
    UUID enqueue(UUID parent, String name, String type, Object payload) throws InterruptedException {
        JobType declared = types.of(type)
                .orElseThrow(
                        () -> new IllegalArgumentException("type: \"" + type + "\" is not a declared type of jobs"));
        Map<String, String> faults = declared.faults(Json.mapper().convertValue(payload, Object.class));
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("payload of a job of the type " + type + ": "
                    + faults.entrySet().stream()
                            .map(fault -> fault.getKey() + " " + fault.getValue())
                            .collect(Collectors.joining("; ")));
        }
        byte[] json = Json.write(payload);
        if (json.length > JobSpec.MAX_PAYLOAD_BYTES) {
            throw new IllegalArgumentException(
                    "payload: " + json.length + " bytes, expected at most " + JobSpec.MAX_PAYLOAD_BYTES);
        }
        UUID id = DerivedId.of("job", "child", parent, name);
        try {
            var unused = log.append(declared.queue(), commands.enqueued(id, declared.queue(), declared.job(), json))
                    .get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("the log did not acknowledge the job " + name + " in time", e.getCause());
        }
        return id;
    }
}
