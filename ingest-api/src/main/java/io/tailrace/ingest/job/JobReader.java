package io.tailrace.ingest.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobQueue;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.contracts.job.JobSchedule;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.contracts.job.JobType;
import io.tailrace.ingest.input.BodyFields;
import io.tailrace.ingest.input.Faults;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.problem.ProblemException;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests for jobs and finds everything that is wrong with one: with the fields itself, with type and payload by {@link PayloadReader}.
 * Thread-safe; pure but for what is declared.
 */
@Singleton
class JobReader {
    private static final Set<String> FIELDS = Set.of(
            "type",
            "payload",
            "queue",
            "run_at",
            "delay_seconds",
            "priority",
            "unique_key",
            "unique_seconds",
            "max_attempts",
            "timeout_seconds",
            "key");

    private static final String TIME =
            "expected a time as of RFC 3339, for example 2026-05-01T12:00:00Z, of the year 9999 at the latest";

    private final PayloadReader payloads;
    private final JobQueues queues;

    JobReader(PayloadReader payloads, JobQueues queues) {
        this.payloads = payloads;
        this.queues = queues;
    }

    /**
     * The command that a request is for.
     *
     * @param id the job's id
     * @throws ProblemException 400 with every fault, 403 if the caller may not enqueue jobs of the type, 413 if the payload is too large
     */
    JobCommand.Enqueue read(UUID id, JsonNode body, JobRights rights) {
        return read(id, body, rights, new Faults());
    }

    /**
     * As {@link #read(UUID, JsonNode, JobRights)}, for a request of which this is a part.
     *
     * @param faults what is wrong with the rest of it
     */
    JobCommand.Enqueue read(UUID id, JsonNode body, JobRights rights, Faults faults) {
        BodyFields fields = BodyFields.of(body, FIELDS, faults);
        JobType type = payloads.type(body.get("type"), rights, faults);
        PayloadReader.Payload payload = payloads.payload(body.get("payload"), type, faults);
        NewJob job = new NewJob(
                type == null ? "" : type.name(),
                null,
                queue(fields, type),
                runAt(fields),
                number(fields, "delay_seconds", 0, Integer.MAX_VALUE),
                number(fields, "priority", 0, JobSpec.MAX_PRIORITY),
                key(fields, "unique_key", JobSpec.MAX_UNIQUE_KEY),
                number(fields, "unique_seconds", 0, JobSpec.MAX_UNIQUE_SECONDS),
                number(fields, "max_attempts", 1, JobSpec.MAX_ATTEMPTS),
                number(fields, "timeout_seconds", 1, JobSpec.MAX_TIMEOUT_SECONDS),
                key(fields, "key", JobSpec.MAX_KEY));
        checkTogether(fields, type);
        faults.throwIfAny();
        if (type == null || payload == null) {
            throw new IllegalStateException("a fault without words");
        }
        return job.command(id, type, payload.json(), payload.key());
    }

    /** Fields that are right each by itself, and not beside one another. */
    private static void checkTogether(BodyFields fields, @Nullable JobType type) {
        if (fields.node("run_at") != null && fields.node("delay_seconds") != null) {
            fields.fault("delay_seconds", "expected either run_at or delay_seconds");
        }
        JsonNode uniqueKey = fields.node("unique_key");
        if (uniqueKey != null && uniqueKey.asText().startsWith(JobSchedule.UNIQUE_KEY_PREFIX)) {
            fields.fault("unique_key", "expected none that begins with " + JobSchedule.UNIQUE_KEY_PREFIX);
        }
        if (type != null && type.keyField() != null && fields.node("key") != null) {
            fields.fault("key", "expected none: the key of a job of this type is its payload's " + type.keyField());
        }
        if (fields.node("unique_seconds") != null && uniqueKey == null) {
            fields.fault("unique_seconds", "expected with unique_key alone");
        }
    }

    /**
     * The command for a job that this service itself enqueues.
     *
     * @param id the job's id
     * @param payload what is written as JSON; it fits the type
     * @param uniqueKey at most one job of the queue has it at a time; null for none
     * @param uniqueSeconds how long it has the key; 0 for as long as it is not finished
     * @param runAt not before this time; null for now
     * @throws IllegalArgumentException if there is no such type
     * @throws ProblemException 400 or 413 if the payload does not fit it
     */
    JobCommand.Enqueue own(
            UUID id,
            String name,
            Object payload,
            @Nullable String uniqueKey,
            int uniqueSeconds,
            @Nullable Instant runAt) {
        JobType type = payloads.declared(name);
        Faults faults = new Faults();
        PayloadReader.Payload read = payloads.payload(Json.mapper().valueToTree(payload), type, faults);
        faults.throwIfAny();
        if (read == null) {
            throw new IllegalStateException("a fault without words");
        }
        NewJob job = new NewJob(name, null, null, runAt, null, null, uniqueKey, uniqueSeconds, null, null, null);
        return job.command(id, type, read.json(), read.key());
    }

    private @Nullable String queue(BodyFields fields, @Nullable JobType type) {
        JsonNode node = fields.node("queue");
        if (node == null) {
            return null;
        }
        if (!node.isTextual() || queues.of(node.textValue()).isEmpty()) {
            fields.fault(
                    "queue",
                    BodyFields.found(node) + ", expected one of "
                            + queues.all().stream().map(JobQueue::name).collect(Collectors.joining(", ")));
            return null;
        }
        String queue = node.textValue();
        if (type != null && !type.mayBeIn(queue)) {
            fields.fault(
                    "queue",
                    BodyFields.found(node) + ", expected " + type.queue() + ", the only one for jobs of this type");
        }
        return queue;
    }

    private static @Nullable Instant runAt(BodyFields fields) {
        JsonNode node = fields.node("run_at");
        if (node == null) {
            return null;
        }
        try {
            Instant time = OffsetDateTime.parse(node.isTextual() ? node.textValue() : "")
                    .toInstant();
            if (!time.isAfter(JobSpec.LAST_RUN_AT)) {
                return time;
            }
        } catch (DateTimeException e) {
            // Told below.
        }
        fields.fault("run_at", BodyFields.found(node) + ", " + TIME);
        return null;
    }

    private static @Nullable Integer number(BodyFields fields, String field, int least, int most) {
        Long number = fields.number(field, least, most);
        return number == null ? null : number.intValue();
    }

    /** Keys are bounded in bytes, because the log has them in UTF-8. */
    private static @Nullable String key(BodyFields fields, String field, int maxBytes) {
        JsonNode node = fields.node(field);
        if (node == null) {
            return null;
        }
        String text = node.isTextual() ? node.textValue() : "";
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        boolean fits = bytes >= 1
                && bytes <= maxBytes
                && StandardCharsets.UTF_8.newEncoder().canEncode(text)
                && text.chars().noneMatch(Character::isISOControl);
        if (!fits) {
            fields.fault(
                    field,
                    (node.isTextual() ? bytes + " bytes of UTF-8" : BodyFields.found(node))
                            + ", expected a text of 1 to "
                            + maxBytes + " bytes without control characters");
            return null;
        }
        return text;
    }
}
