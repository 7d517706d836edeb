package io.tailrace.kit.json;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import io.tailrace.contracts.text.Excerpt;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says in the sender's words what is wrong with JSON input. Pure. */
public final class JsonFaults {
    private static final int MAX_SHOWN = 60;

    private JsonFaults() {}

    /** What is wrong. */
    public sealed interface Fault {
        /**
         * Not JSON, or not JSON that is accepted at all.
         *
         * @param detail what, and at which line and column
         */
        record Malformed(String detail) implements Fault {}

        /**
         * JSON of another shape than expected.
         *
         * @param field the path, for example {@code events[2].type}; {@code body} for the whole
         * @param message what was found and what was expected
         */
        record Mismatch(String field, String message) implements Fault {}
    }

    /** What is wrong with the input, or null if the exception is not the input's fault. */
    public static @Nullable Fault of(JsonProcessingException fault) {
        return switch (fault) {
            case StreamReadException e -> new Fault.Malformed(at(e));
            case StreamConstraintsException e -> new Fault.Malformed(at(e));
            case UnrecognizedPropertyException e ->
                new Fault.Mismatch(path(e), "unknown field, expected " + names(e.getKnownPropertyIds()));
            case InvalidFormatException e ->
                new Fault.Mismatch(path(e), found(path(e), e.getValue()) + ", expected " + expected(e.getTargetType()));
            case InvalidDefinitionException e -> null;
            case ValueInstantiationException e ->
                e.getCause() instanceof IllegalArgumentException cause
                        ? new Fault.Mismatch(path(e), String.valueOf(cause.getMessage()))
                        : null;
            case MismatchedInputException e
            when isEndOfInput(e) -> new Fault.Malformed("the body is empty or ends early");
            case MismatchedInputException e
            when isTrailing(e) -> new Fault.Malformed("the body goes on after the end of the JSON value");
            case MismatchedInputException e -> new Fault.Mismatch(path(e), "expected " + expected(e.getTargetType()));
            case JsonMappingException e when e.getCause() instanceof JsonProcessingException cause -> of(cause);
            default -> null;
        };
    }

    /** A value as it may be shown: one line, not too long. */
    public static String shown(@Nullable Object value) {
        if (value instanceof CharSequence text) {
            String printable = text.toString().replaceAll("\\p{Cntrl}", "�");
            return '"' + Excerpt.of(printable, MAX_SHOWN) + '"';
        }
        if (value instanceof Collection<?> || value != null && value.getClass().isArray()) {
            return "an array";
        }
        if (value == null || value instanceof Number || value instanceof Boolean || value instanceof Enum<?>) {
            return Excerpt.of(String.valueOf(value), MAX_SHOWN);
        }
        return value instanceof UUID || value instanceof Instant ? value.toString() : "an object";
    }

    /** What is found, without repeating a secret. */
    public static String found(String field, @Nullable Object value) {
        return value instanceof CharSequence && isSecret(field) ? "another string" : shown(value);
    }

    /** Whether a field's value is not to be repeated. */
    public static boolean isSecret(String field) {
        String name = field.toLowerCase(Locale.ROOT);
        return name.contains("password") || name.contains("token") || name.contains("secret");
    }

    /** What a type looks like in JSON. */
    public static String expected(@Nullable Class<?> type) {
        if (type == null) {
            return "another value";
        }
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(constant -> constant.toString().toLowerCase(Locale.ROOT))
                            .collect(Collectors.joining(", "));
        }
        if (type == UUID.class) {
            return "a UUID";
        }
        if (type == Instant.class) {
            return "an RFC 3339 time";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        if (CharSequence.class.isAssignableFrom(type)) {
            return "a string";
        }
        if (List.of(
                        int.class,
                        Integer.class,
                        long.class,
                        Long.class,
                        short.class,
                        Short.class,
                        java.math.BigInteger.class)
                .contains(type)) {
            return "a whole number";
        }
        if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
            return "a number";
        }
        if (type.isArray() || Collection.class.isAssignableFrom(type)) {
            return "an array";
        }
        return Map.class.isAssignableFrom(type) || JsonNode.class.isAssignableFrom(type) || type.isRecord()
                ? "an object"
                : "a value for " + type.getSimpleName();
    }

    private static boolean isEndOfInput(MismatchedInputException e) {
        return e.getOriginalMessage().startsWith("No content to map");
    }

    private static boolean isTrailing(MismatchedInputException e) {
        return e.getOriginalMessage().startsWith("Trailing token");
    }

    private static String at(JsonProcessingException e) {
        JsonLocation location = e.getLocation();
        String message = String.valueOf(e.getOriginalMessage())
                .replaceAll("\\p{Cntrl}", " ")
                .replaceAll(", from `StreamReadConstraints[^`]*`", "")
                .strip();
        return location == null
                ? message
                : "line " + location.getLineNr() + ", column " + location.getColumnNr() + ": " + message;
    }

    private static String path(JsonMappingException e) {
        StringBuilder path = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            if (step.getFieldName() == null) {
                path.append('[').append(step.getIndex()).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return path.isEmpty() ? "body" : path.toString();
    }

    private static String names(@Nullable Collection<?> known) {
        return known == null || known.isEmpty()
                ? "none"
                : known.stream()
                        .filter(Objects::nonNull)
                        .map(Object::toString)
                        .collect(Collectors.toCollection(TreeSet::new))
                        .stream()
                        .collect(Collectors.joining(", "));
    }
}
