package io.tailrace.ingest.lease;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.job.JobEvents.JobLogged;
import io.tailrace.contracts.job.JobLogLine;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.ingest.input.BodyFields;
import io.tailrace.ingest.input.Faults;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what remote workers have logged, as the event that it is. Pure. */
final class LogReader {
    private static final Set<String> FIELDS = Set.of("token", "attempt", "lines", "dropped");
    private static final Set<String> LINE = Set.of("line", "at", "level", "text");
    private static final String LEVELS = ", expected trace, debug, info, warn or error";
    private static final String TIME = ", expected a time such as 2026-01-31T12:00:00Z, not before 1970 nor after 9999";

    /** Longer ones than the log keeps are cut; what is longer than that is a mistake. */
    private static final int MOST_TEXT = 100_000;

    private static final int MOST_LEVEL = 100;

    private LogReader() {}

    /**
     * What a worker says.
     *
     * @param token of its lease
     */
    record Said(long token, JobLogged logged) {}

    /**
     * Reads a request.
     *
     * @param now the time of lines that name none
     * @throws ProblemException 400 with every fault, 413 if the texts are too long together
     */
    static Said read(UUID job, JsonNode body, Instant now) {
        Faults faults = new Faults();
        BodyFields fields = BodyFields.of(body, FIELDS, faults);
        long token = ReportReader.token(fields);
        Long attempt = required(fields, "attempt", Integer.MAX_VALUE, "that of the lease");
        Long dropped = fields.number("dropped", 0, Integer.MAX_VALUE);
        List<JobLogLine> lines = new ArrayList<>();
        long bytes = 0;
        for (BodyFields each : fields.objects("lines", JobLogLine.MAX_LINES, LINE)) {
            Long number = required(each, "line", JobLogLine.MAX_LINES, "its number in the attempt");
            Instant at = at(each, now);
            String level = level(each);
            String text = each.text("text", MOST_TEXT);
            if (text == null && each.node("text") == null) {
                each.fault("text", "is missing, expected what the line says");
            }
            if (number != null && text != null) {
                String kept = JobLogLine.cut(text);
                bytes += JobLogLine.bytes(kept);
                lines.add(new JobLogLine(Math.toIntExact(number), at, level, kept));
            }
        }
        if (lines.isEmpty() && (dropped == null || dropped == 0)) {
            fields.fault("lines", "expected at least one line, or \"dropped\"");
        }
        faults.throwIfAny();
        if (attempt == null) {
            throw new IllegalStateException("a fault without words");
        }
        if (bytes > JobLogLine.MAX_BYTES) {
            throw new ProblemException(
                    ProblemType.PAYLOAD_TOO_LARGE,
                    "lines: " + bytes + " bytes of text, expected at most " + JobLogLine.MAX_BYTES);
        }
        int notKept = dropped == null ? 0 : Math.toIntExact(dropped);
        return new Said(token, new JobLogged(job, Math.toIntExact(attempt), lines, notKept));
    }

    private static @Nullable Long required(BodyFields fields, String field, long most, String what) {
        Long number = fields.number(field, 1, most);
        if (number == null && fields.node(field) == null) {
            fields.fault(field, "is missing, expected " + what);
        }
        return number;
    }

    private static String level(BodyFields line) {
        String level = line.text("level", MOST_LEVEL);
        if (level == null) {
            return "info";
        }
        if (JobLogLine.isLevel(level)) {
            return level;
        }
        line.fault("level", "\"" + level + "\"" + LEVELS);
        return "info";
    }

    private static Instant at(BodyFields line, Instant now) {
        JsonNode node = line.node("at");
        if (node == null) {
            return now;
        }
        try {
            Instant at = OffsetDateTime.parse(node.isTextual() ? node.textValue() : "")
                    .toInstant();
            if (!at.isBefore(Instant.EPOCH) && !at.isAfter(JobSpec.LAST_RUN_AT)) {
                return at;
            }
        } catch (DateTimeException e) {
            // Told below.
        }
        line.fault("at", BodyFields.found(node) + TIME);
        return now;
    }
}
