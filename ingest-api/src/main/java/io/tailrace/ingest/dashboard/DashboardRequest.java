package io.tailrace.ingest.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.event.DashboardSaved;
import io.tailrace.ingest.input.BodyFields;
import io.tailrace.ingest.input.Faults;
import io.tailrace.ingest.input.Texts;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a request says of a dashboard, checked. Pure. Whether there are such metrics is not asked: they come and go, and a dashboard stays.
 *
 * @param name its name
 * @param range the range of time that it opens with
 * @param panels its panels
 * @param shared whether it has a link
 */
record DashboardRequest(String name, String range, List<DashboardSaved.Panel> panels, boolean shared) {
    private static final Set<String> FIELDS = Set.of("name", "range", "panels", "shared");
    private static final Set<String> PANEL_FIELDS = Set.of("title", "metrics", "resolution");
    private static final int MAX_TEXT = 100;
    private static final int MAX_RANGE = 100;
    private static final String USUAL_RANGE = "15m";
    private static final String AUTO = "auto";
    private static final Pattern LENGTH = Pattern.compile("([1-9][0-9]{0,8})([smhd])");
    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Map<String, Duration> UNITS = Map.of(
            "s", Duration.ofSeconds(1), "m", Duration.ofMinutes(1), "h", Duration.ofHours(1), "d", Duration.ofDays(1));
    private static final Duration SHORTEST = Duration.ofSeconds(10);
    private static final Duration LONGEST = Duration.ofDays(3_650);

    /**
     * Reads a body.
     *
     * @throws io.tailrace.kit.problem.ProblemException 400 with every fault
     */
    static DashboardRequest read(JsonNode body, DashboardSettings settings) {
        Faults faults = new Faults();
        BodyFields fields = BodyFields.of(body, FIELDS, faults);
        String name = line(fields.node("name"));
        faults.add("name", Texts.lineFault(name, MAX_TEXT));
        String range = range(fields, faults);
        List<DashboardSaved.Panel> panels = panels(body.get("panels"), settings, faults);
        boolean shared = fields.flag("shared");
        faults.throwIfAny();
        return new DashboardRequest(String.valueOf(name), range, panels, shared);
    }

    private static @Nullable String line(@Nullable JsonNode node) {
        return node != null && node.isTextual() ? node.textValue() : null;
    }

    private static String range(BodyFields fields, Faults faults) {
        JsonNode node = fields.node("range");
        if (node == null) {
            return USUAL_RANGE;
        }
        if (!node.isTextual() || !isRange(node.textValue())) {
            faults.add(
                    "range",
                    BodyFields.found(node)
                            + ", expected a length from 10s to 3650d such as 15m, or two times of RFC 3339"
                            + " that are so far apart, with .. between them");
        }
        return node.asText();
    }

    private static boolean isRange(String text) {
        if (text.length() > MAX_RANGE) {
            return false;
        }
        Matcher length = LENGTH.matcher(text);
        if (length.matches()) {
            Duration unit = UNITS.getOrDefault(length.group(2), Duration.ZERO);
            return isLength(unit.multipliedBy(Long.parseLong(length.group(1))));
        }
        int between = text.indexOf("..");
        if (between < 0) {
            return false;
        }
        try {
            OffsetDateTime from = OffsetDateTime.parse(text.substring(0, between));
            OffsetDateTime to = OffsetDateTime.parse(text.substring(between + 2));
            return from.toEpochSecond() >= 0 && isLength(Duration.between(from, to));
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static boolean isLength(Duration length) {
        return length.compareTo(SHORTEST) >= 0 && length.compareTo(LONGEST) <= 0;
    }

    private static List<DashboardSaved.Panel> panels(
            @Nullable JsonNode node, DashboardSettings settings, Faults faults) {
        if (node == null || !node.isArray() || node.size() > settings.maxPanels()) {
            faults.add("panels", "expected an array of at most " + settings.maxPanels() + " panels");
            return List.of();
        }
        List<DashboardSaved.Panel> panels = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            panels.add(panel(node.get(i), "panels[" + i + "]", settings, faults));
        }
        return panels;
    }

    private static DashboardSaved.Panel panel(JsonNode node, String path, DashboardSettings settings, Faults faults) {
        if (!node.isObject()) {
            faults.add(path, BodyFields.found(node) + ", expected an object with metrics, resolution, title");
            return new DashboardSaved.Panel(null, List.of(), AUTO);
        }
        node.fieldNames().forEachRemaining(name -> {
            if (!PANEL_FIELDS.contains(name)) {
                faults.add(
                        path + "." + Texts.shown(name).replace("\"", ""),
                        "unknown field, expected metrics, resolution, title");
            }
        });
        JsonNode title = node.get("title");
        boolean hasTitle = title != null && !title.isNull();
        if (hasTitle) {
            faults.add(path + ".title", Texts.lineFault(line(title), MAX_TEXT));
        }
        JsonNode resolution = node.get("resolution");
        String label = resolution == null || resolution.isNull() ? AUTO : resolution.asText();
        if (!label.equals(AUTO) && !LENGTH.matcher(label).matches()) {
            faults.add(path + ".resolution", Texts.shown(label) + ", expected auto or a resolution such as 10s");
        }
        List<UUID> metrics = metrics(node.get("metrics"), path + ".metrics", settings.maxMetrics(), faults);
        return new DashboardSaved.Panel(hasTitle ? line(title) : null, metrics, label);
    }

    private static List<UUID> metrics(@Nullable JsonNode node, String path, int most, Faults faults) {
        if (node == null || !node.isArray() || node.size() > most) {
            faults.add(path, "expected an array of at most " + most + " ids of metrics");
            return List.of();
        }
        List<UUID> metrics = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            String text = node.get(i).isTextual() ? node.get(i).textValue() : "";
            boolean isId = UUID_FORM.matcher(text).matches();
            UUID id = isId ? UUID.fromString(text) : new UUID(0, 0);
            if (!isId || metrics.contains(id)) {
                faults.add(
                        path + "[" + i + "]",
                        BodyFields.found(node.get(i)) + (isId ? " twice" : "")
                                + ", expected the id of a metric, each once");
            }
            metrics.add(id);
        }
        return metrics;
    }
}
