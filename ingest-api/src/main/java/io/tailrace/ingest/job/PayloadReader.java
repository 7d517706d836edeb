package io.tailrace.ingest.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.bridge.Bridge;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.contracts.job.JobType;
import io.tailrace.contracts.job.JobTypes;
import io.tailrace.ingest.input.BodyFields;
import io.tailrace.ingest.input.Faults;
import io.tailrace.ingest.input.Texts;
import io.tailrace.kit.extract.ExtractJob;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads of which type a job is, and its payload, which has to fit that type. Thread-safe; pure but for what is declared. */
@Singleton
class PayloadReader {
    /**
     * Types whose jobs only Tailrace itself enqueues, with the request that has it do so. The payload of such a job names whose it is, or a
     * server that is given a secret, which those requests check and a payload of anybody would not.
     */
    private static final Map<String, String> MADE_BY =
            Map.of("answer", "POST /answers", Bridge.JOB_TYPE, "PUT /bridges/{name}", ExtractJob.TYPE, "POST /uploads");

    private final JobTypes types;

    /**
     * A payload.
     *
     * @param json as it stands in the log
     * @param key whose work it is, as the type has it; null if it says nothing about that
     */
    record Payload(String json, @Nullable String key) {}

    PayloadReader(JobTypes types) {
        this.types = types;
    }

    /**
     * The type of a job that a caller wants.
     *
     * @return null if that is no type that callers can have; the faults say so
     * @throws ProblemException 403 if the caller may not enqueue jobs of the type
     */
    @Nullable
    JobType type(@Nullable JsonNode node, JobRights rights, Faults faults) {
        String known = types.all().stream()
                .map(JobType::name)
                .filter(name -> rights.cover(name) && !MADE_BY.containsKey(name))
                .collect(Collectors.joining(", "));
        if (node == null || !node.isTextual()) {
            faults.add("type", (node == null ? "is missing" : BodyFields.found(node)) + ", expected one of " + known);
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

    /**
     * The declared type of a name.
     *
     * @throws IllegalArgumentException if there is none
     */
    JobType declared(String name) {
        return types.of(name).orElseThrow(() -> new IllegalArgumentException("type: " + name + ", is not declared"));
    }

    /**
     * The payload of a job.
     *
     * @param type what it has to fit; null if that is unknown
     * @return null if it cannot be written as JSON; the faults say so, and what of it does not fit the type
     * @throws ProblemException 413 if it is too large
     */
    @Nullable
    Payload payload(@Nullable JsonNode node, @Nullable JobType type, Faults faults) {
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
}
