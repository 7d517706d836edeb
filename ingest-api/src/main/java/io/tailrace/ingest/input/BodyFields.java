package io.tailrace.ingest.input;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.kit.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The fields of a JSON object that a client sent, which tell their faults to {@link Faults}. For one thread. */
public final class BodyFields {
    private final String path;
    private final JsonNode object;
    private final Faults faults;

    private BodyFields(String path, JsonNode object, Set<String> known, Faults faults) {
        this.path = path;
        this.object = object;
        this.faults = faults;
        for (Iterator<String> names = object.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                faults.add(
                        path + Texts.shown(name).replace("\"", ""),
                        "unknown field, expected " + String.join(", ", new TreeSet<>(known)));
            }
        }
    }

    /**
     * The fields of a body.
     *
     * @param known their names; others are faults
     * @throws ProblemException 400 if it is no object
     */
    public static BodyFields of(JsonNode body, Set<String> known, Faults faults) {
        if (!body.isObject()) {
            throw ProblemException.invalid(
                    "body", "expected an object with " + String.join(", ", new TreeSet<>(known)));
        }
        return new BodyFields("", body, known, faults);
    }

    /** The fields of an object that is a field, or null if it is missing; anything else is a fault. */
    public @Nullable BodyFields object(String field, Set<String> known) {
        JsonNode node = node(field);
        if (node == null) {
            return null;
        }
        if (!node.isObject()) {
            faults.add(path + field, "expected an object with " + String.join(", ", new TreeSet<>(known)));
            return null;
        }
        return new BodyFields(path + field + ".", node, known, faults);
    }

    /**
     * The objects of an array that is a field, in their order; empty if it is missing. Anything else is a fault, and so are more than
     * {@code most}, of which none is read.
     */
    public List<BodyFields> objects(String field, int most, Set<String> known) {
        JsonNode node = node(field);
        if (node == null) {
            return List.of();
        }
        if (!node.isArray() || node.size() > most) {
            String what = node.isArray() ? node.size() + " elements" : found(node);
            faults.add(path + field, what + ", expected an array of at most " + most + " objects");
            return List.of();
        }
        List<BodyFields> objects = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            String each = field + "[" + i + "]";
            if (node.get(i).isObject()) {
                objects.add(new BodyFields(path + each + ".", node.get(i), known, faults));
            } else {
                faults.add(path + each, "expected an object with " + String.join(", ", new TreeSet<>(known)));
            }
        }
        return objects;
    }

    /** A value, or null if it is missing or null. */
    public @Nullable JsonNode node(String field) {
        JsonNode node = object.get(field);
        return node == null || node.isNull() ? null : node;
    }

    /** A fault of a field. */
    public void fault(String field, String message) {
        faults.add(path + field, message);
    }

    /** A whole number, or null if it is missing or not right. */
    public @Nullable Long number(String field, long least, long most) {
        JsonNode node = node(field);
        if (node == null) {
            return null;
        }
        boolean fits = node.isIntegralNumber()
                && node.canConvertToLong()
                && node.longValue() >= least
                && node.longValue() <= most;
        if (!fits) {
            faults.add(path + field, found(node) + ", expected a whole number from " + least + " to " + most);
            return null;
        }
        return node.longValue();
    }

    /** A text that can be written as UTF-8, or null if it is missing or not right. */
    public @Nullable String text(String field, int maxLength) {
        JsonNode node = node(field);
        if (node == null) {
            return null;
        }
        String text = node.isTextual() ? node.textValue() : "";
        boolean fits = !text.isEmpty()
                && text.length() <= maxLength
                && StandardCharsets.UTF_8.newEncoder().canEncode(text);
        if (!fits) {
            faults.add(path + field, found(node) + ", expected a text of 1 to " + maxLength + " characters of Unicode");
            return null;
        }
        return text;
    }

    /** True or false; false if it is missing or not right. */
    public boolean flag(String field) {
        JsonNode node = node(field);
        if (node != null && !node.isBoolean()) {
            faults.add(path + field, found(node) + ", expected true or false");
        }
        return node != null && node.booleanValue();
    }

    /** A value in words, fit for an error. */
    public static String found(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> Texts.shown(node.textValue());
            case NUMBER -> Texts.shown(node.toString()).replace("\"", "");
            case BOOLEAN, NULL -> node.toString();
            case ARRAY -> "an array";
            case OBJECT, POJO, BINARY, MISSING -> "an object";
        };
    }
}
