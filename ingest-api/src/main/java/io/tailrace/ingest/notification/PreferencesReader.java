package io.tailrace.ingest.notification;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.job.JobSchedule;
import io.tailrace.ingest.input.Faults;
import io.tailrace.ingest.input.Texts;
import io.tailrace.kit.problem.ProblemException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what a person says of their notifications, and finds everything that is wrong with it. Pure. */
final class PreferencesReader {
    private static final Set<String> FIELDS =
            Set.of("time_zone", "quiet_hours", "telegram_chat_id", "webhook_endpoint", "kinds");
    private static final Set<String> QUIET_FIELDS = Set.of("from", "to", "except");
    private static final Set<String> MEANS = Set.of(Preferences.EMAIL, Preferences.TELEGRAM, Preferences.WEBHOOK);
    private static final Pattern TIME = Pattern.compile("([01][0-9]|2[0-3]):[0-5][0-9]");
    private static final Pattern KIND = Pattern.compile("incident(\\.[a-z][a-z0-9_-]{0,31})?");
    private static final Pattern CHAT = Pattern.compile("-?[0-9]{1,18}|@[A-Za-z0-9_]{1,63}");
    private static final Pattern UUIDS = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final String KINDS_EXPECTED = "expected incident or incident.SEVERITY, for example incident.error";
    private static final int MAX_KINDS = 20;

    private PreferencesReader() {}

    /**
     * The preferences that a body says.
     *
     * @throws ProblemException 400 with every fault
     */
    static Preferences read(JsonNode body) {
        if (!body.isObject()) {
            throw ProblemException.invalid("body", "expected an object with " + listed(FIELDS));
        }
        Faults faults = new Faults();
        unknown(body, "", FIELDS, faults);
        boolean hasQuietHours = body.hasNonNull("quiet_hours");
        Preferences preferences = new Preferences(
                zone(body.get("time_zone"), hasQuietHours, faults),
                hasQuietHours ? quietHours(body.path("quiet_hours"), faults) : null,
                chat(body.get("telegram_chat_id"), faults),
                endpoint(body.get("webhook_endpoint"), faults),
                kinds(body, faults));
        faults.throwIfAny();
        return preferences;
    }

    private static void unknown(JsonNode object, String path, Set<String> known, Faults faults) {
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                faults.add(path + plain(name), "unknown field, expected " + listed(known));
            }
        }
    }

    private static String plain(String name) {
        return Texts.shown(name).replace("\"", "");
    }

    private static String listed(Set<String> names) {
        return String.join(", ", new TreeSet<>(names));
    }

    private static String text(@Nullable JsonNode node) {
        return node != null && node.isTextual() ? node.textValue() : "";
    }

    private static String zone(@Nullable JsonNode node, boolean isNeeded, Faults faults) {
        if (node == null || node.isNull()) {
            faults.add("time_zone", isNeeded ? "is missing, and quiet_hours need one" : null);
            return Preferences.DEFAULT.timeZone();
        }
        String zone = text(node);
        if (!JobSchedule.isTimeZone(zone)) {
            faults.add(
                    "time_zone",
                    Texts.shown(node.asText()) + ", expected a region of the time zone database, for example"
                            + " Europe/Berlin, or UTC");
        }
        return zone;
    }

    private static QuietHours quietHours(JsonNode node, Faults faults) {
        if (!node.isObject()) {
            faults.add("quiet_hours", "expected an object {from, to, except?}");
            return new QuietHours("", "", List.of());
        }
        unknown(node, "quiet_hours.", QUIET_FIELDS, faults);
        for (String name : List.of("from", "to")) {
            if (!TIME.matcher(text(node.get(name))).matches()) {
                faults.add("quiet_hours." + name, "expected a time of the day from 00:00 to 23:59");
            }
        }
        String from = text(node.get("from"));
        String to = text(node.get("to"));
        if (!from.isEmpty() && from.equals(to)) {
            faults.add("quiet_hours.to", "expected another time than from");
        }
        return new QuietHours(from, to, except(node.get("except"), faults));
    }

    private static List<String> except(@Nullable JsonNode node, Faults faults) {
        if (node == null || node.isNull()) {
            return List.of();
        }
        List<String> kinds = new ArrayList<>();
        if (!node.isArray() || node.size() > MAX_KINDS) {
            faults.add("quiet_hours.except", "expected an array of at most " + MAX_KINDS + " kinds");
            return kinds;
        }
        for (int i = 0; i < node.size(); i++) {
            String kind = text(node.get(i));
            faults.add("quiet_hours.except[" + i + "]", KIND.matcher(kind).matches() ? null : KINDS_EXPECTED);
            kinds.add(kind);
        }
        return kinds;
    }

    private static @Nullable Object chat(@Nullable JsonNode node, Faults faults) {
        if (node == null || node.isNull()) {
            return null;
        }
        String chat = node.isTextual() || node.isIntegralNumber() ? node.asText() : "";
        if (!CHAT.matcher(chat).matches()) {
            faults.add("telegram_chat_id", "expected the number of a chat or @name");
            return null;
        }
        return chat.startsWith("@") ? chat : (Object) Long.valueOf(chat);
    }

    private static @Nullable UUID endpoint(@Nullable JsonNode node, Faults faults) {
        if (node == null || node.isNull()) {
            return null;
        }
        if (!UUIDS.matcher(text(node)).matches()) {
            faults.add("webhook_endpoint", "expected the id of an endpoint of webhooks");
            return null;
        }
        return UUID.fromString(text(node));
    }

    private static Map<String, List<String>> kinds(JsonNode body, Faults faults) {
        JsonNode node = body.path("kinds");
        if (node.isMissingNode() || node.isNull()) {
            return Preferences.DEFAULT.kinds();
        }
        Map<String, List<String>> kinds = new TreeMap<>();
        if (!node.isObject() || node.size() > MAX_KINDS) {
            faults.add("kinds", "expected an object with at most " + MAX_KINDS + " kinds and their means");
            return kinds;
        }
        for (Map.Entry<String, JsonNode> kind : node.properties()) {
            String path = "kinds." + plain(kind.getKey());
            if (!KIND.matcher(kind.getKey()).matches()) {
                faults.add(path, KINDS_EXPECTED);
            }
            kinds.put(kind.getKey(), means(path, kind.getValue(), body, faults));
        }
        return kinds;
    }

    private static List<String> means(String path, JsonNode node, JsonNode body, Faults faults) {
        List<String> all = new ArrayList<>();
        if (!node.isArray()) {
            faults.add(path, "expected an array of " + listed(MEANS) + "; an empty one is for not at all");
            return all;
        }
        for (JsonNode each : node) {
            String means = text(each);
            if (!MEANS.contains(means) || all.contains(means)) {
                faults.add(path, "expected an array of " + listed(MEANS) + ", each at most once");
                return all;
            }
            all.add(means);
        }
        faults.add(
                path,
                all.contains(Preferences.TELEGRAM) && !body.hasNonNull("telegram_chat_id")
                        ? "has telegram, and telegram_chat_id is missing"
                        : null);
        faults.add(
                path,
                all.contains(Preferences.WEBHOOK) && !body.hasNonNull("webhook_endpoint")
                        ? "has webhook, and webhook_endpoint is missing"
                        : null);
        return all;
    }
}
