package io.tailrace.ingest.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobSchedule;
import io.tailrace.contracts.job.MissedPolicy;
import io.tailrace.contracts.job.OverlapPolicy;
import io.tailrace.ingest.idempotency.Stamps;
import io.tailrace.ingest.input.BodyFields;
import io.tailrace.ingest.input.Faults;
import io.tailrace.ingest.input.Texts;
import io.tailrace.kit.cron.CronExpression;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads requests for schedules and finds everything that is wrong with one. Thread-safe; pure but for what is declared. */
@Singleton
class ScheduleReader {
    /** Those of the job, which are checked as when one is enqueued. */
    private static final List<String> JOB_FIELDS = List.of("type", "payload", "queue");

    private static final Set<String> FIELDS =
            Set.of("cron", "time_zone", "type", "payload", "queue", "missed", "overlap");

    private final JobReader jobs;
    private final Stamps stamps;

    ScheduleReader(JobReader jobs, Stamps stamps) {
        this.jobs = jobs;
        this.stamps = stamps;
    }

    /**
     * The name in a path.
     *
     * @throws ProblemException 400 if no schedule can have it
     */
    static String name(String text) {
        if (!JobSchedule.isName(text)) {
            throw ProblemException.invalid("name", Texts.shown(text) + ", expected [a-z][a-z0-9_.-]{0,63}");
        }
        return text;
    }

    /**
     * The name in a path of a request that changes the schedule.
     *
     * @throws ProblemException 400 if no schedule can have it, 403 if it is one of Tailrace's own
     */
    static String changeable(String text) {
        String name = name(text);
        if (JobSchedule.isSystem(name)) {
            throw new ProblemException(
                    ProblemType.FORBIDDEN,
                    "The schedule " + name + " is one of Tailrace's own, which can be read and run, and not changed");
        }
        return name;
    }

    /**
     * The schedule that a request is for.
     *
     * @throws ProblemException 400 with every fault, 413 if the payload is too large
     */
    JobSchedule read(String name, JsonNode body, JobRights rights, Instant now) {
        Faults faults = new Faults();
        var unused = BodyFields.of(body, FIELDS, faults);
        String zone = zone(body.get("time_zone"), faults);
        String cron = cron(body.get("cron"), zone, now, faults);
        MissedPolicy missed =
                policy(body, "missed", MissedPolicy.LAST, MissedPolicy::parse, "none, last or all", faults);
        OverlapPolicy overlap =
                policy(body, "overlap", OverlapPolicy.SKIP, OverlapPolicy::parse, "allow or skip", faults);
        ObjectNode job = JsonNodeFactory.instance.objectNode();
        JOB_FIELDS.stream().filter(body::has).forEach(field -> job.set(field, body.get(field)));
        JobCommand.Enqueue command = jobs.read(stamps.id(), job, rights, faults);
        return new JobSchedule(name, cron, zone, missed, overlap, command.queue(), command.spec(), command.payload());
    }

    private static String zone(@Nullable JsonNode node, Faults faults) {
        String zone = node == null ? "" : node.asText();
        if (node == null || !node.isTextual() || !JobSchedule.isTimeZone(zone)) {
            faults.add(
                    "time_zone",
                    (node == null ? "is missing" : BodyFields.found(node))
                            + ", expected a region of the time zone database, for example Europe/Berlin, or UTC");
            return "UTC";
        }
        return zone;
    }

    private static String cron(@Nullable JsonNode node, String zone, Instant now, Faults faults) {
        if (node == null || !node.isTextual()) {
            faults.add("cron", (node == null ? "is missing" : BodyFields.found(node)) + ", expected a cron text");
            return "";
        }
        String cron = node.textValue();
        try {
            if (CronExpression.parse(cron).nextAfter(now, ZoneId.of(zone)).isEmpty()) {
                faults.add("cron", Texts.shown(cron) + " is never due in " + zone);
            }
        } catch (IllegalArgumentException e) {
            faults.add("cron", Texts.shown(cron) + ": " + e.getMessage());
        }
        return cron;
    }

    private static <T> T policy(
            JsonNode body,
            String field,
            T otherwise,
            Function<String, Optional<T>> parse,
            String expected,
            Faults faults) {
        JsonNode node = body.get(field);
        if (node == null || node.isNull()) {
            return otherwise;
        }
        Optional<T> policy = node.isTextual() ? parse.apply(node.textValue()) : Optional.empty();
        if (policy.isEmpty()) {
            faults.add(field, BodyFields.found(node) + ", expected " + expected);
        }
        return policy.orElse(otherwise);
    }
}
