package io.tailrace.ingest.lease;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.identity.DerivedId;
import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobError;
import io.tailrace.contracts.job.JobProgress;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.contracts.job.RetryPolicy;
import io.tailrace.ingest.input.BodyFields;
import io.tailrace.ingest.input.Faults;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.problem.ProblemException;
import io.tailrace.kit.problem.ProblemType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Reads what workers say of attempts, as the command that it is. Pure. */
final class ReportReader {
    private static final Set<String> HEARTBEAT = Set.of("token", "progress");
    private static final Set<String> PROGRESS = Set.of("fraction", "message");
    private static final Set<String> OUTCOME =
            Set.of("token", "outcome", "result", "error", "give_up", "retry_after_seconds");
    private static final Set<String> ERROR = Set.of("type", "message");
    private static final Set<String> OUTCOMES = Set.of("succeeded", "failed", "handed_back");

    /** Longer ones than the log keeps are cut; what is longer than that is a mistake. */
    private static final int MOST_TEXT = 100_000;

    private static final int MS = 1_000;

    private ReportReader() {}

    /**
     * A sign of life.
     *
     * @param id the command's
     * @throws ProblemException 400 with every fault
     */
    static JobCommand.OfAttempt heartbeat(UUID id, String queue, UUID job, JsonNode body) {
        Faults faults = new Faults();
        BodyFields fields = BodyFields.of(body, HEARTBEAT, faults);
        long token = token(fields);
        BodyFields progress = fields.object("progress", PROGRESS);
        Double fraction = progress == null ? null : fraction(progress);
        String message = progress == null ? null : progress.text("message", MOST_TEXT);
        faults.throwIfAny();
        return fraction == null && message == null
                ? new JobCommand.Heartbeat(id, queue, job, token, true)
                : new JobCommand.Progress(id, queue, job, token, new JobProgress(fraction, message));
    }

    /**
     * The end of an attempt. Its command's id is made of what it says, so that it is told once, however often it is sent.
     *
     * @throws ProblemException 400 with every fault, 413 if the result is too large
     */
    static JobCommand.OfAttempt outcome(String queue, UUID job, JsonNode body) {
        Faults faults = new Faults();
        BodyFields fields = BodyFields.of(body, OUTCOME, faults);
        long token = token(fields);
        String outcome = fields.text("outcome", MOST_TEXT);
        if (outcome == null ? fields.node("outcome") == null : !OUTCOMES.contains(outcome)) {
            fields.fault(
                    "outcome",
                    (outcome == null
                                    ? "is missing"
                                    : "\"" + outcome.substring(0, Math.min(60, outcome.length())) + "\"")
                            + ", expected succeeded, failed or handed_back");
        }
        String result = result(fields);
        JobError error = error(fields);
        boolean giveUp = fields.flag("give_up");
        Long retryAfter = fields.number("retry_after_seconds", 0, RetryPolicy.MOST_MS / MS);
        if (result != null && !"succeeded".equals(outcome)) {
            fields.fault("result", "expected of an attempt that succeeded alone");
        }
        if ("failed".equals(outcome) == (fields.node("error") == null)) {
            fields.fault("error", "expected of an attempt that failed, and of no other");
        }
        if (!"failed".equals(outcome) && giveUp) {
            fields.fault("give_up", "expected of an attempt that failed alone");
        }
        if ("succeeded".equals(outcome) && retryAfter != null) {
            fields.fault("retry_after_seconds", "expected of an attempt that failed or was handed back");
        }
        faults.throwIfAny();
        long retryAfterMs = retryAfter == null ? 0 : retryAfter * MS;
        String said = outcome + " " + result + " " + error + " " + giveUp + " " + retryAfterMs;
        UUID id = DerivedId.of(String.valueOf(token), "outcome", job, said);
        if (error != null) {
            return new JobCommand.Fail(id, queue, job, token, error, giveUp, retryAfterMs);
        }
        return "handed_back".equals(outcome)
                ? new JobCommand.HandBack(id, queue, job, token, retryAfterMs)
                : new JobCommand.Succeed(id, queue, job, token, result);
    }

    /** The token of the lease; 0 if there is a fault. */
    static long token(BodyFields fields) {
        Long token = fields.number("token", 1, Long.MAX_VALUE);
        if (token == null && fields.node("token") == null) {
            fields.fault("token", "is missing, expected that of the lease");
        }
        return token == null ? 0 : token;
    }

    private static @Nullable Double fraction(BodyFields progress) {
        JsonNode node = progress.node("fraction");
        if (node == null) {
            return null;
        }
        double fraction = node.isNumber() ? node.doubleValue() : Double.NaN;
        if (!(fraction >= 0 && fraction <= 1)) {
            progress.fault("fraction", BodyFields.found(node) + ", expected 0 to 1");
            return null;
        }
        return fraction;
    }

    private static @Nullable JobError error(BodyFields fields) {
        BodyFields error = fields.object("error", ERROR);
        if (error == null) {
            return null;
        }
        String type = error.text("type", MOST_TEXT);
        if (type == null && error.node("type") == null) {
            error.fault("type", "is missing, expected a name of the error for programs");
        }
        String message = error.text("message", MOST_TEXT);
        return type == null ? null : new JobError(type, message == null ? "" : message);
    }

    private static @Nullable String result(BodyFields fields) {
        JsonNode node = fields.node("result");
        if (node == null) {
            return null;
        }
        try {
            // As the dispatcher will read and write it: it is refused there above the same bound.
            Object plain = Json.mapper().readValue(Json.oneLine(node), Object.class);
            byte[] json = Json.write(plain);
            if (json.length > JobSpec.MAX_RESULT_BYTES) {
                throw new ProblemException(
                        ProblemType.PAYLOAD_TOO_LARGE,
                        "result: " + json.length + " bytes of JSON, expected at most " + JobSpec.MAX_RESULT_BYTES);
            }
            return new String(json, StandardCharsets.UTF_8);
        } catch (IOException | IllegalArgumentException e) {
            fields.fault(
                    "result", "cannot be written as JSON: expected no lone surrogates, and no deeper nesting than 500");
            return null;
        }
    }
}
