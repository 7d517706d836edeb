package io.tailrace.ingest.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.bridge.Bridge;
import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobQueue;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.contracts.job.JobSchedule;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.contracts.job.JobType;
import io.tailrace.contracts.job.JobTypes;
import io.tailrace.ingest.input.Faults;
import io.tailrace.ingest.input.Texts;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads requests for jobs and finds everything that is wrong with one. Thread-safe; pure but for what is declared. */
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

    /**
     * Types whose jobs only Tailrace itself enqueues, with the request that has it do so. The payload of such a job names whose it is, or a
     * server that is given a secret, which those requests check and a payload of anybody would not.
     */
    private static final Map<String, String> MADE_BY =
            Map.of("answer", "POST /answers", Bridge.JOB_TYPE, "PUT /bridges/{name}");

    private final JobTypes types;
    private final JobQueues queues;

    /**
     * A payload.
     *
     * @param json as it stands in the log
     * @param key whose work it is, as the type has it; null if it says nothing about that
     */
    private record Payload(String json, @Nullable String key) {}

    JobReader(JobTypes types, JobQueues queues) {
        this.types = types;
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
        if (!body.isObject()) {
            throw ProblemException.invalid("body", "expected an object {type, payload, …}");
        }
        for (Iterator<String> names = body.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!FIELDS.contains(name)) {
                faults.add(
                        Texts.shown(name).replace("\"", ""),
                        "unknown field, expected " + FIELDS.stream().sorted().collect(Collectors.joining(", ")));
            }
        }
        JobType type = type(body.get("type"), rights, faults);
        Payload payload = payload(body.get("payload"), type, faults);
        NewJob job = new NewJob(
                type == null ? "" : type.name(),
                null,
                queue(body.get("queue"), type, faults),
                runAt(body.get("run_at"), faults),
                number(body, "delay_seconds", 0, Integer.MAX_VALUE, faults),
                number(body, "priority", 0, JobSpec.MAX_PRIORITY, faults),
                text(body, "unique_key", JobSpec.MAX_UNIQUE_KEY, faults),
                number(body, "unique_seconds", 0, JobSpec.MAX_UNIQUE_SECONDS, faults),
                number(body, "max_attempts", 1, JobSpec.MAX_ATTEMPTS, faults),
                number(body, "timeout_seconds", 1, JobSpec.MAX_TIMEOUT_SECONDS, faults),
                text(body, "key", JobSpec.MAX_KEY, faults));
        if (isThere(body, "run_at") && isThere(body, "delay_seconds")) {
            faults.add("delay_seconds", "expected either run_at or delay_seconds");
        }
        if (isThere(body, "unique_key") && body.path("unique_key").asText().startsWith(JobSchedule.UNIQUE_KEY_PREFIX)) {
            faults.add("unique_key", "expected none that begins with " + JobSchedule.UNIQUE_KEY_PREFIX);
        }
        if (type != null && type.keyField() != null && isThere(body, "key")) {
            faults.add("key", "expected none: the key of a job of this type is its payload's " + type.keyField());
        }
        if (isThere(body, "unique_seconds") && !isThere(body, "unique_key")) {
            faults.add("unique_seconds", "expected with unique_key alone");
        }
        faults.throwIfAny();
        if (type == null || payload == null) {
            throw new IllegalStateException("a fault without words");
        }
        return job.command(id, type, payload.json(), payload.key());
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
        JobType type =
                types.of(name).orElseThrow(() -> new IllegalArgumentException("type: " + name + ", is not declared"));
        Faults faults = new Faults();
        Payload read = payload(Json.mapper().valueToTree(payload), type, faults);
        faults.throwIfAny();
        if (read == null) {
            throw new IllegalStateException("a fault without words");
        }
        NewJob job = new NewJob(name, null, null, runAt, null, null, uniqueKey, uniqueSeconds, null, null, null);
        return job.command(id, type, read.json(), read.key());
    }

    private @Nullable JobType type(@Nullable JsonNode node, JobRights rights, Faults faults) {
        String known = types.all().stream()
                .map(JobType::name)
                .filter(name -> rights.cover(name) && !MADE_BY.containsKey(name))
                .collect(Collectors.joining(", "));
        if (node == null || !node.isTextual()) {
            faults.add("type", (node == null ? "is missing" : found(node)) + ", expected one of " + known);
            return null;
        }
        JobType type = types.of(node.textValue()).orElse(null);
        if (type == null) {
            faults.add("type", Texts.shown(node.textValue()) + ", expected one of " + known);
        } else if (!rights.cover(type.name())) {
            throw new ProblemException(
                    ProblemType.FORBIDDEN,
                    "The token allows jobs of the types " + rights + ", and not of " + type.name());
        } else if (MADE_BY.containsKey(type.name())) {
            faults.add(
                    "type",
                    "\"" + type.name() + "\" is made by " + MADE_BY.get(type.name()) + " alone, expected one of "
                            + known);
            return null;
        }
        return type;
    }

    private static @Nullable Payload payload(@Nullable JsonNode node, @Nullable JobType type, Faults faults) {
        if (node == null) {
            faults.add("payload", "is missing, expected any JSON that fits the type");
            return null;
        }
        String json;
        Object plain;
        try {
            // As the dispatcher will read and write it: the fingerprints have to be the same.
            plain = Json.mapper().readValue(Json.oneLine(node), Object.class);
            json = plain == null ? "null" : new String(Json.write(plain), StandardCharsets.UTF_8);
        } catch (IOException | IllegalArgumentException e) {
            faults.add(
                    "payload",
                    "cannot be written as JSON: expected no lone surrogates, and no deeper nesting than 500");
            return null;
        }
        int bytes = json.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > JobSpec.MAX_PAYLOAD_BYTES) {
            throw new ProblemException(
                    ProblemType.PAYLOAD_TOO_LARGE,
                    "payload: " + bytes + " bytes of JSON, expected at most " + JobSpec.MAX_PAYLOAD_BYTES
                            + "; a job is to name large data and not to hold it");
        }
        if (type != null) {
            type.faults(plain)
                    .forEach((name, fault) -> faults.add(
                            name.isEmpty()
                                    ? "payload"
                                    : "payload." + Texts.shown(name).replace("\"", ""),
                            fault));
        }
        return new Payload(json, type == null ? null : type.key(plain));
    }

    private @Nullable String queue(@Nullable JsonNode node, @Nullable JobType type, Faults faults) {
        if (node == null || node.isNull()) {
            return null;
        }
        if (!node.isTextual() || queues.of(node.textValue()).isEmpty()) {
            faults.add(
                    "queue",
                    found(node) + ", expected one of "
                            + queues.all().stream().map(JobQueue::name).collect(Collectors.joining(", ")));
            return null;
        }
        String queue = node.textValue();
        if (type != null && !type.mayBeIn(queue)) {
            faults.add("queue", found(node) + ", expected " + type.queue() + ", the only one for jobs of this type");
        }
        return queue;
    }

    private static @Nullable Instant runAt(@Nullable JsonNode node, Faults faults) {
        if (node == null || node.isNull()) {
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
        faults.add("run_at", found(node) + ", " + TIME);
        return null;
    }

    private static @Nullable Integer number(JsonNode body, String field, int least, int most, Faults faults) {
        JsonNode node = body.get(field);
        if (node == null || node.isNull()) {
            return null;
        }
        boolean fits = node.isIntegralNumber()
                && node.canConvertToInt()
                && node.intValue() >= least
                && node.intValue() <= most;
        if (!fits) {
            faults.add(field, found(node) + ", expected a whole number from " + least + " to " + most);
            return null;
        }
        return node.intValue();
    }

    private static @Nullable String text(JsonNode body, String field, int maxBytes, Faults faults) {
        JsonNode node = body.get(field);
        if (node == null || node.isNull()) {
            return null;
        }
        String text = node.isTextual() ? node.textValue() : "";
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        boolean fits = bytes >= 1
                && bytes <= maxBytes
                && StandardCharsets.UTF_8.newEncoder().canEncode(text)
                && text.chars().noneMatch(Character::isISOControl);
        if (!fits) {
            faults.add(
                    field,
                    (node.isTextual() ? bytes + " bytes of UTF-8" : found(node)) + ", expected a text of 1 to "
                            + maxBytes + " bytes without control characters");
            return null;
        }
        return text;
    }

    private static boolean isThere(JsonNode body, String field) {
        return body.hasNonNull(field);
    }

    static String found(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> Texts.shown(node.textValue());
            case NUMBER -> Texts.shown(node.toString()).replace("\"", "");
            case BOOLEAN, NULL -> node.toString();
            case ARRAY -> "an array";
            case OBJECT, POJO, BINARY, MISSING -> "an object";
        };
    }
}
