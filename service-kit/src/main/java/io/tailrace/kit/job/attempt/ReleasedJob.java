package io.tailrace.kit.job.attempt;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job that may run now, as it stands in the topic of its queue; see {@link io.tailrace.contracts.job.JobEvents.JobReleased}.
 *
 * @param payload any JSON
 */
public record ReleasedJob(
        UUID id,
        String queue,
        String type,
        int attempt,
        boolean lastAttempt,
        long token,
        int priority,
        Instant enqueuedAt,
        Instant runAt,
        int timeoutSeconds,
        long leaseMs,
        @Nullable JsonNode payload) {
    /** Checks what everything else relies on. */
    public ReleasedJob {
        payload = payload == null ? NullNode.instance : payload;
        if (id == null || queue == null || type == null || token < 1 || leaseMs < 1 || timeoutSeconds < 1) {
            throw new IllegalArgumentException("a released job without its id, queue, type, token, lease or timeout");
        }
    }

    /**
     * Reads a record's value.
     *
     * @throws IOException if it is none
     */
    public static ReleasedJob read(byte[] value) throws IOException {
        return Json.read(value, ReleasedJob.class);
    }
}
