package io.tailrace.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Queues and jobs, as the API gives them, as lines of text. Pure. */
final class JobTable {
    private static final String QUEUE = "%-20s %-8s %8s %8s %9s %8s %6s %10s %7s %7s  %s";
    private static final String JOB = "%-36s  %-20s %-10s %9s  %-24s  %s";
    private static final int TYPE_CHARACTERS = 20;

    private JobTable() {}

    /** A line for each queue, under a heading. */
    static List<String> queues(JsonNode queues, Instant now) {
        List<String> lines = new ArrayList<>();
        lines.add(line(
                QUEUE,
                "QUEUE",
                "STATE",
                "READY",
                "RUNNING",
                "SCHEDULED",
                "RETRYING",
                "DEAD",
                "SUCCEEDED",
                "IN/MIN",
                "OK/MIN",
                "OLDEST WAITING"));
        for (JsonNode queue : queues) {
            JsonNode sizes = queue.path("sizes");
            JsonNode minute = queue.path("last_minute");
            String oldest = queue.path("oldest_waiting_at").asText("");
            lines.add(line(
                    QUEUE,
                    queue.path("name").asText(),
                    queue.path("state").asText(),
                    sizes.path("ready").asText(),
                    sizes.path("running").asText(),
                    sizes.path("scheduled").asText(),
                    sizes.path("retrying").asText(),
                    sizes.path("dead").asText(),
                    sizes.path("succeeded").asText(),
                    minute.path("enqueued").asText(),
                    minute.path("succeeded").asText(),
                    age(oldest, now)));
        }
        return lines;
    }

    /** A line for each job, under a heading. */
    static List<String> jobs(JsonNode jobs) {
        List<String> lines = new ArrayList<>();
        lines.add(line(JOB, "ID", "TYPE", "STATE", "ATTEMPT", "ENQUEUED", "LAST ERROR"));
        for (JsonNode job : jobs) {
            JsonNode error = job.path("last_error");
            String type = job.path("type").asText();
            lines.add(line(
                    JOB,
                    job.path("id").asText(),
                    type.length() > TYPE_CHARACTERS ? type.substring(0, TYPE_CHARACTERS - 1) + "…" : type,
                    job.path("state").asText(),
                    job.path("attempt").asText() + " of "
                            + job.path("max_attempts").asText(),
                    job.path("enqueued_at").asText(),
                    error.isObject()
                            ? oneLine(error.path("type").asText() + ": "
                                    + error.path("message").asText())
                            : ""));
        }
        return lines;
    }

    /** What a command led to, in one line. */
    static String answer(JsonNode job) {
        String state = job.path("state").asText();
        return job.path("id").asText() + " " + state
                + (state.equals("pending") ? ": the dispatcher has not decided it yet" : "");
    }

    private static String line(String format, Object... cells) {
        return String.format(Locale.ROOT, format, cells).stripTrailing();
    }

    /** Text of somebody's handler must not move the cursor of a terminal. */
    private static String oneLine(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }

    private static String age(String time, Instant now) {
        try {
            long seconds =
                    Math.max(0, Duration.between(Instant.parse(time), now).toSeconds());
            return seconds < 60
                    ? seconds + " s"
                    : seconds < 3600 ? seconds / 60 + " min" : seconds / 3600 + " h " + seconds / 60 % 60 + " min";
        } catch (DateTimeParseException e) {
            return "-";
        }
    }
}
