package io.tailrace.ingest.publish;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.ingest.input.BodyFields;
import io.tailrace.ingest.input.Faults;
import io.tailrace.ingest.input.Texts;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.problem.ProblemException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of a request to publish: one event or an array of them, {@code {type, data, id?}} each. Pure; every fault
 * is told with the place of its event.
 */
final class PublishRequest {
    private static final int MAX_ID = 128;
    private static final Set<String> FIELDS = Set.of("type", "data", "id");

    private final Faults faults = new Faults();
    private final Set<String> ids = new HashSet<>();

    private PublishRequest() {}

    /**
     * The events of a body, in its order.
     *
     * @param maxEvents the most that a body may have
     * @throws ProblemException 400 with every fault
     */
    static List<WantedEvent> read(JsonNode body, int maxEvents) {
        PublishRequest request = new PublishRequest();
        List<WantedEvent> events = new ArrayList<>();
        if (!body.isArray()) {
            request.read(body, "").ifPresent(events);
        } else if (body.isEmpty() || body.size() > maxEvents) {
            throw ProblemException.invalid("events", body.size() + " events in the array, expected 1 to " + maxEvents);
        } else {
            for (int i = 0; i < body.size(); i++) {
                request.read(body.get(i), "[" + i + "].").ifPresent(events);
            }
        }
        request.faults.throwIfAny();
        return events;
    }

    private record Read(@Nullable WantedEvent event) {
        void ifPresent(List<WantedEvent> events) {
            if (event != null) {
                events.add(event);
            }
        }
    }

    private Read read(JsonNode node, String place) {
        if (!node.isObject()) {
            faults.add(
                    place.isEmpty() ? "body" : place.substring(0, place.length() - 1),
                    BodyFields.found(node) + ", expected an" + " object {type, data, id?}");
            return new Read(null);
        }
        for (Iterator<String> names = node.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!FIELDS.contains(name)) {
                faults.add(place + Texts.shown(name).replace("\"", ""), "unknown field, expected type, data and id");
            }
        }
        String typeFault = typeFault(node.get("type"));
        String idFault = idFault(node.get("id"));
        JsonNode data = node.get("data");
        faults.add(place + "type", typeFault);
        faults.add(place + "id", idFault);
        faults.add(place + "data", data == null ? "is missing, expected any JSON value" : null);
        if (typeFault != null || idFault != null || data == null) {
            return new Read(null);
        }
        JsonNode id = node.get("id");
        return new Read(new WantedEvent(
                node.get("type").textValue(), Json.oneLine(data), id == null || id.isNull() ? null : id.textValue()));
    }

    private static @Nullable String typeFault(@Nullable JsonNode type) {
        String expected = "expected a text of [A-Za-z][A-Za-z0-9_.:-]* with at most 128 characters";
        if (type == null || type.isNull()) {
            return "is missing, " + expected;
        }
        if (!type.isTextual() || !EventTypes.isValid(type.textValue())) {
            return BodyFields.found(type) + ", " + expected;
        }
        if (EventTypes.OF_EVENT_SOURCE.contains(type.textValue())) {
            return BodyFields.found(type)
                    + ", error, message and open are reserved: browsers fire events of their own by these names";
        }
        return EventTypes.isReserved(type.textValue())
                ? BodyFields.found(type) + ", types that begin with \"" + EventTypes.RESERVED_PREFIX + "\" are reserved"
                : null;
    }

    private @Nullable String idFault(@Nullable JsonNode id) {
        if (id == null || id.isNull()) {
            return null;
        }
        String text = id.textValue();
        boolean valid = text != null
                && !text.isEmpty()
                && text.length() <= MAX_ID
                && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (!valid) {
            return BodyFields.found(id) + ", expected 1 to " + MAX_ID + " visible ASCII characters";
        }
        return ids.add(text) ? null : BodyFields.found(id) + " occurs twice in this request";
    }
}
