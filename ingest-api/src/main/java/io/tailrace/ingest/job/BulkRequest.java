package io.tailrace.ingest.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.job.JobType;
import io.tailrace.ingest.input.Faults;
import io.tailrace.ingest.input.Texts;
import io.tailrace.kit.problem.ProblemException;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request to do one thing with many jobs: those that are named, or those that a filter finds. Pure.
 *
 * @param action what to do
 * @param ids the jobs; empty if the filter names them
 * @param queue of the filter; empty for any, like type
 * @param type of the filter
 * @param states of the filter: at least one, and only those from which the action is possible
 * @param before where the jobs of the filter begin
 * @param limit the most jobs of the filter
 */
record BulkRequest(
        BulkAction action, Set<UUID> ids, String queue, String type, List<String> states, JobCursor before, int limit) {
    private static final Set<String> FIELDS = Set.of("action", "ids", "filter", "before", "limit");
    private static final Set<String> FILTER_FIELDS = Set.of("queue", "type", "state");
    private static final Pattern UUID_FORM =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    /**
     * Reads a request.
     *
     * @param most the most jobs of one request
     * @throws ProblemException 400 with every fault
     */
    static BulkRequest read(JsonNode body, int most) {
        if (!body.isObject()) {
            throw ProblemException.invalid("body", "expected an object {action, ids} or {action, filter}");
        }
        Faults faults = new Faults();
        checkFields("", body, FIELDS, faults);
        BulkAction action = action(body.path("action"), faults);
        JsonNode ids = body.path("ids");
        JsonNode filter = body.path("filter");
        if (isThere(ids) == isThere(filter)) {
            faults.add("ids", "expected either ids or filter");
        }
        Set<UUID> named = isThere(ids) ? ids(ids, most, faults) : Set.of();
        String queue = "";
        String type = "";
        List<String> states = action == null ? List.of() : action.states();
        if (isThere(filter)) {
            if (filter.isObject()) {
                checkFields("filter.", filter, FILTER_FIELDS, faults);
                queue = text(filter, "queue", faults);
                type = text(filter, "type", faults);
                if (!type.isEmpty() && !JobType.isName(type)) {
                    faults.add("filter.type", Texts.shown(type) + ", expected the name of a type of jobs");
                }
                String state = text(filter, "state", faults);
                if (!state.isEmpty() && action != null) {
                    if (!states.contains(state)) {
                        faults.add(
                                "filter.state",
                                Texts.shown(state) + ", expected one from which " + action.label() + " is possible: "
                                        + String.join(", ", states));
                    }
                    states = List.of(state);
                }
            } else {
                faults.add("filter", "expected an object with queue, state and type, each of which may be missing");
            }
        }
        JobCursor before = before(body.path("before"), faults);
        int limit = limit(body.path("limit"), most, faults);
        faults.throwIfAny();
        if (action == null) {
            throw new IllegalStateException("a fault without words");
        }
        return new BulkRequest(action, named, queue, type, states, before, limit);
    }

    private static void checkFields(String prefix, JsonNode object, Set<String> known, Faults faults) {
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                faults.add(
                        prefix + Texts.shown(name).replace("\"", ""),
                        "unknown field, expected " + String.join(", ", new TreeSet<>(known)));
            }
        }
    }

    private static @Nullable BulkAction action(JsonNode node, Faults faults) {
        BulkAction action =
                node.isTextual() ? BulkAction.parse(node.textValue()).orElse(null) : null;
        if (action == null) {
            String found = node.isMissingNode() ? "is missing" : Texts.shown(node.asText());
            faults.add("action", found + ", expected one of " + BulkAction.labels());
        }
        return action;
    }

    private static Set<UUID> ids(JsonNode node, int most, Faults faults) {
        String expected = "expected an array of 1 to " + most + " UUIDs";
        if (!node.isArray() || node.isEmpty() || node.size() > most) {
            faults.add("ids", (node.isArray() ? node.size() + " elements, " : "") + expected);
            return Set.of();
        }
        Set<UUID> ids = new LinkedHashSet<>();
        for (JsonNode each : node) {
            if (!each.isTextual() || !UUID_FORM.matcher(each.textValue()).matches()) {
                faults.add("ids", Texts.shown(each.asText()) + ", " + expected);
                return Set.of();
            }
            ids.add(UUID.fromString(each.textValue()));
        }
        return ids;
    }

    private static String text(JsonNode filter, String field, Faults faults) {
        JsonNode node = filter.path(field);
        if (!isThere(node)) {
            return "";
        }
        if (!node.isTextual() || node.textValue().isEmpty()) {
            faults.add("filter." + field, "expected a text that is not empty");
            return "";
        }
        return node.textValue();
    }

    private static JobCursor before(JsonNode node, Faults faults) {
        if (!isThere(node)) {
            return JobCursor.NEWEST;
        }
        return JobCursor.parse(node.asText()).orElseGet(() -> {
            faults.add("before", "expected the next of an answer");
            return JobCursor.NEWEST;
        });
    }

    private static int limit(JsonNode node, int most, Faults faults) {
        if (!isThere(node)) {
            return most;
        }
        if (!node.isInt() || node.intValue() < 1 || node.intValue() > most) {
            faults.add("limit", "expected a whole number from 1 to " + most);
            return most;
        }
        return node.intValue();
    }

    private static boolean isThere(JsonNode node) {
        return !node.isMissingNode() && !node.isNull();
    }
}
