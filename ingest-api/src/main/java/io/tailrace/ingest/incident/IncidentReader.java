package io.tailrace.ingest.incident;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.text.Excerpt;
import io.tailrace.ingest.input.Faults;
import io.tailrace.ingest.input.Texts;
import io.tailrace.kit.problem.ProblemException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads incidents: {@code {title, text, severity, dedupe_key?}}, or the body of a webhook of Alertmanager (version 4), of which every
 * alert is one. Pure.
 */
final class IncidentReader {
    private static final Set<String> FIELDS = Set.of("title", "text", "severity", "dedupe_key");
    private static final int MAX_TITLE = 200;
    private static final int MAX_TEXT = 20_000;
    private static final int MAX_KEY = 200;

    /** Of more alerts in one body the others are told of together. */
    static final int MAX_ALERTS = 20;

    private IncidentReader() {}

    /**
     * The incidents of a body, at most one more than {@value #MAX_ALERTS}.
     *
     * @throws ProblemException 400 with every fault
     */
    static List<Incident> read(JsonNode body) {
        if (!body.isObject()) {
            throw ProblemException.invalid("body", "expected an object {title, text, severity, dedupe_key?}");
        }
        return body.has("alerts") ? alerts(body) : List.of(incident(body));
    }

    private static Incident incident(JsonNode body) {
        Faults faults = new Faults();
        for (Iterator<String> names = body.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!FIELDS.contains(name)) {
                faults.add(
                        Texts.shown(name).replace("\"", ""),
                        "unknown field, expected " + String.join(", ", new TreeSet<>(FIELDS)));
            }
        }
        String title = text(body, "title");
        String text = text(body, "text");
        String severity = text(body, "severity");
        String key = text(body, "dedupe_key");
        faults.add("title", Texts.lineFault(title, MAX_TITLE));
        faults.add("text", Texts.linesFault(text, MAX_TEXT));
        faults.add(
                "severity",
                severity != null && Recipients.SEVERITY.matcher(severity).matches()
                        ? null
                        : "expected a word such as critical, of " + Recipients.SEVERITY.pattern());
        if (body.hasNonNull("dedupe_key")) {
            faults.add("dedupe_key", Texts.lineFault(key, MAX_KEY));
        }
        faults.throwIfAny();
        return new Incident(String.valueOf(title), String.valueOf(text), String.valueOf(severity), key);
    }

    private static @Nullable String text(JsonNode body, String field) {
        JsonNode node = body.get(field);
        return node != null && node.isTextual() ? node.textValue() : null;
    }

    private static List<Incident> alerts(JsonNode body) {
        JsonNode alerts = body.get("alerts");
        if (!alerts.isArray() || alerts.isEmpty()) {
            throw ProblemException.invalid("alerts", "expected an array of Alertmanager's alerts");
        }
        List<Incident> incidents = new ArrayList<>();
        for (int i = 0; i < Math.min(alerts.size(), MAX_ALERTS); i++) {
            JsonNode alert = alerts.get(i);
            if (!alert.isObject()) {
                throw ProblemException.invalid(
                        "alerts[" + i + "]", "expected an object {status, labels, annotations, …}");
            }
            incidents.add(alert(alert));
        }
        if (alerts.size() > MAX_ALERTS) {
            incidents.add(rest(alerts));
        }
        return incidents;
    }

    private static Incident alert(JsonNode alert) {
        String status = alert.path("status").asText("").equals("resolved") ? "resolved" : "firing";
        Map<String, String> labels = texts(alert.path("labels"));
        Map<String, String> annotations = texts(alert.path("annotations"));
        String name = labels.getOrDefault("alertname", "alert");
        String summary = annotations.getOrDefault("summary", name);
        StringBuilder text = new StringBuilder(annotations.getOrDefault("description", ""));
        text.append(text.isEmpty() ? "" : "\n\n");
        labels.forEach(
                (label, value) -> text.append(label).append(": ").append(value).append('\n'));
        return new Incident(
                Excerpt.of((status.equals("resolved") ? "Resolved: " : "") + line(summary), MAX_TITLE),
                Excerpt.of(lines(text.toString()), MAX_TEXT),
                severity(labels),
                key(alert, status, labels));
    }

    /** An alert that fires, ends and fires again is another one, so its beginning belongs to the key. */
    private static String key(JsonNode alert, String status, Map<String, String> labels) {
        String fingerprint = alert.path("fingerprint").asText("");
        return (fingerprint.isEmpty() ? labels.toString() : fingerprint) + " " + status + " "
                + alert.path("startsAt").asText("");
    }

    private static Incident rest(JsonNode alerts) {
        Map<String, Integer> names = new TreeMap<>();
        StringBuilder key = new StringBuilder();
        String severity = "unknown";
        for (int i = MAX_ALERTS; i < alerts.size(); i++) {
            JsonNode alert = alerts.get(i);
            Map<String, String> labels = texts(alert.path("labels"));
            names.merge(line(labels.getOrDefault("alertname", "alert")), 1, Integer::sum);
            key.append(key(alert, alert.path("status").asText(""), labels)).append('\n');
            severity = severity(labels);
        }
        StringBuilder text = new StringBuilder();
        names.forEach(
                (name, count) -> text.append(name).append(": ").append(count).append('\n'));
        return new Incident(
                (alerts.size() - MAX_ALERTS) + " more alerts",
                Excerpt.of(text.toString(), MAX_TEXT),
                severity,
                key.toString());
    }

    private static String severity(Map<String, String> labels) {
        String severity = labels.getOrDefault("severity", "unknown").toLowerCase(Locale.ROOT);
        return Recipients.SEVERITY.matcher(severity).matches() ? severity : "unknown";
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> texts = new TreeMap<>();
        object.properties()
                .forEach(field ->
                        texts.put(line(field.getKey()), field.getValue().asText("")));
        return texts;
    }

    private static String line(String text) {
        return lines(text).replaceAll("\\s+", " ").strip();
    }

    /** Without what a mail or a message may not have: control characters, and halves of surrogate pairs. */
    private static String lines(String text) {
        return Excerpt.beginning(text, text.length()).replaceAll("[\\p{Cntrl}&&[^\\n\\t]]", "");
    }
}
