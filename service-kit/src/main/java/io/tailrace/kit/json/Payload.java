package io.tailrace.kit.json;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.text.Excerpt;
import java.io.IOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The JSON object that an event carries, read field by field, so that every fault has its field's name. Fields that
 * are not asked for are ignored: a newer writer may add some.
 */
public final class Payload {
    private static final int SHOWN_CHARACTERS = 80;

    private final JsonNode object;

    private Payload(JsonNode object) {
        this.object = object;
    }

    /**
     * Parses an event's data.
     *
     * @throws UnreadablePayload if it is not one JSON object
     */
    public static Payload parse(byte[] json) throws UnreadablePayload {
        try {
            JsonNode node = Json.mapper().readTree(json);
            if (node == null || !node.isObject()) {
                throw new UnreadablePayload("data: not a JSON object");
            }
            return new Payload(node);
        } catch (JacksonException e) {
            throw new UnreadablePayload("data: not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UnreadablePayload("data: not JSON: " + e.getMessage());
        }
    }

    /**
     * A UUID.
     *
     * @throws UnreadablePayload if the field is missing or no UUID
     */
    public UUID uuid(String field) throws UnreadablePayload {
        return uuid(field, text(field));
    }

    /**
     * Checks that a field says the same as the record's key.
     *
     * @throws UnreadablePayload if it does not
     */
    public void requireSame(String field, UUID expected) throws UnreadablePayload {
        UUID found = uuid(field);
        if (!found.equals(expected)) {
            throw new UnreadablePayload(field + ": " + found + ", expected " + expected + " as in the key");
        }
    }

    /**
     * Reads a UUID that stands elsewhere, in a key for example.
     *
     * @param what names it in the error
     * @throws UnreadablePayload if it is no UUID in its canonical form
     */
    public static UUID uuid(String what, String text) throws UnreadablePayload {
        // UUID.fromString alone takes "1-1-1-1-1" too.
        if (text.length() == 36) {
            try {
                return UUID.fromString(text);
            } catch (IllegalArgumentException e) {
                throw new UnreadablePayload(what + ": " + shown(text) + ", expected a UUID");
            }
        }
        throw new UnreadablePayload(what + ": " + shown(text) + ", expected a UUID");
    }

    /**
     * A string.
     *
     * @throws UnreadablePayload if the field is missing or no string, or holds a NUL, which no store of ours can keep
     */
    public String text(String field) throws UnreadablePayload {
        String text = optionalText(field);
        if (text == null) {
            throw new UnreadablePayload(field + ": missing, expected a string");
        }
        return text;
    }

    /**
     * A string, or null where the field is missing or null.
     *
     * @throws UnreadablePayload if the field is neither, or holds a NUL
     */
    public @Nullable String optionalText(String field) throws UnreadablePayload {
        JsonNode node = object.get(field);
        if (node == null || node.isNull()) {
            return null;
        }
        if (!node.isTextual()) {
            throw new UnreadablePayload(field + ": " + shown(node.toString()) + ", expected a string");
        }
        String text = node.textValue();
        if (text.indexOf('\0') >= 0) {
            throw new UnreadablePayload(field + ": holds U+0000, which no store can keep");
        }
        return text;
    }

    /**
     * A whole number that is not negative.
     *
     * @throws UnreadablePayload if the field is missing, no such number or more than fits in a {@code long}
     */
    public long count(String field) throws UnreadablePayload {
        JsonNode node = object.get(field);
        if (node == null || !node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < 0) {
            throw new UnreadablePayload(
                    field + ": " + shown(String.valueOf(node)) + ", expected a whole number of at least 0");
        }
        return node.longValue();
    }

    /**
     * An array of objects, each read as an event's data is.
     *
     * @throws UnreadablePayload if the field is missing or no such array
     */
    public List<Payload> objects(String field) throws UnreadablePayload {
        JsonNode node = object.get(field);
        if (node == null || !node.isArray()) {
            throw new UnreadablePayload(field + ": " + shown(String.valueOf(node)) + ", expected an array");
        }
        List<Payload> objects = new ArrayList<>();
        for (JsonNode each : node) {
            if (!each.isObject()) {
                throw new UnreadablePayload(field + ": " + shown(each.toString()) + " in it, expected an object");
            }
            objects.add(new Payload(each));
        }
        return objects;
    }

    /**
     * An array of UUIDs.
     *
     * @throws UnreadablePayload if the field is missing or no such array
     */
    public List<UUID> uuids(String field) throws UnreadablePayload {
        JsonNode node = object.get(field);
        if (node == null || !node.isArray()) {
            throw new UnreadablePayload(field + ": " + shown(String.valueOf(node)) + ", expected an array");
        }
        List<UUID> ids = new ArrayList<>();
        for (JsonNode each : node) {
            ids.add(uuid(field, each.asText()));
        }
        return ids;
    }

    /**
     * A moment.
     *
     * @throws UnreadablePayload if the field is missing or not of RFC 3339
     */
    public Instant instant(String field) throws UnreadablePayload {
        String text = text(field);
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException e) {
            throw new UnreadablePayload(field + ": " + shown(text) + ", expected a time as of RFC 3339");
        }
    }

    private static String shown(String text) {
        return '"' + Excerpt.of(text, SHOWN_CHARACTERS) + '"';
    }
}
