package io.tailrace.ingest.lease;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.job.JobType;
import io.tailrace.contracts.job.JobTypes;
import io.tailrace.ingest.input.BodyFields;
import io.tailrace.ingest.input.Faults;
import io.tailrace.ingest.input.Texts;
import io.tailrace.ingest.job.JobRights;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a worker asks for. Pure.
 *
 * @param types the types of jobs that it runs
 * @param worker names its process
 * @param limit the most leases
 * @param patience how long it waits for a job
 */
record LeaseRequest(Set<String> types, String worker, int limit, Duration patience) {
    private static final Set<String> FIELDS = Set.of("types", "worker", "limit", "wait_seconds");
    private static final int MOST_TYPES = 32;
    private static final int MOST_WORKER = 100;

    /** Copies the types. */
    LeaseRequest {
        types = Set.copyOf(types);
    }

    /**
     * Reads a request.
     *
     * @param subject whose it is
     * @throws ProblemException 400 with every fault, 403 if the caller may not run jobs of a type
     */
    static LeaseRequest read(
            JsonNode body, String subject, JobRights rights, JobTypes declared, LeasesSettings settings) {
        Faults faults = new Faults();
        BodyFields fields = BodyFields.of(body, FIELDS, faults);
        Set<String> types = types(fields, rights, declared);
        String worker = fields.text("worker", MOST_WORKER);
        if (worker != null) {
            faults.add("worker", Texts.lineFault(worker, MOST_WORKER));
        }
        Long limit = fields.number("limit", 1, settings.maxLimit());
        Long wait = fields.number("wait_seconds", 0, settings.maxWait().toSeconds());
        faults.throwIfAny();
        return new LeaseRequest(
                types,
                worker == null ? subject : worker,
                limit == null ? 1 : Math.toIntExact(limit),
                wait == null ? settings.defaultWait() : Duration.ofSeconds(wait));
    }

    private static Set<String> types(BodyFields fields, JobRights rights, JobTypes declared) {
        String known = declared.all().stream()
                .filter(LeaseRequest::isRemote)
                .map(JobType::name)
                .filter(rights::cover)
                .collect(Collectors.joining(", "));
        String expected = "expected 1 to " + MOST_TYPES + " of the types of remote workers: "
                + (known.isEmpty() ? "none is declared" : known);
        JsonNode node = fields.node("types");
        if (node == null || !node.isArray() || node.isEmpty() || node.size() > MOST_TYPES) {
            fields.fault("types", (node == null ? "is missing" : found(node)) + ", " + expected);
            return Set.of();
        }
        Set<String> types = new LinkedHashSet<>();
        for (JsonNode each : node) {
            JobType type = each.isTextual() ? declared.of(each.textValue()).orElse(null) : null;
            if (type == null || !isRemote(type)) {
                fields.fault("types", BodyFields.found(each) + ", " + expected);
            } else if (rights.cover(type.name())) {
                types.add(type.name());
            } else {
                throw new ProblemException(
                        ProblemType.FORBIDDEN,
                        "The token allows jobs of the types " + rights + ", and not of " + type.name());
            }
        }
        return types;
    }

    private static String found(@Nullable JsonNode node) {
        return node == null || !node.isArray()
                ? node == null ? "nothing" : BodyFields.found(node)
                : node.size() + " elements";
    }

    private static boolean isRemote(JobType type) {
        return type.workers().equals(JobType.REMOTE);
    }
}
