package io.tailrace.contracts.channel;

import io.tailrace.contracts.channel.Namespace.Audience;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a file says about one namespace. Reading goes on after a fault, so that a file is mended in one round.
 *
 * @param name the namespace's name as written
 * @param values the values by the last part of their keys
 * @param faults where faults are added, each with the key that it is about
 */
record NamespaceDeclaration(String name, Map<String, String> values, List<String> faults) {
    static final Set<String> KEYS = Set.of(
            "number",
            "partitions",
            "retention",
            "subscribe",
            "publish",
            "nested_subscribe",
            "nested_publish",
            "start",
            "latest_only");

    /** The namespace, or null if the declaration has a fault. */
    @Nullable
    Namespace read() {
        Integer number = value("number", NamespaceDeclaration::number);
        Integer partitions = value("partitions", NamespaceDeclaration::number);
        Duration retention = value("retention", NamespaceDeclaration::duration);
        Audience subscribe = value("subscribe", NamespaceDeclaration::audience);
        Audience publish = value("publish", NamespaceDeclaration::audience);
        Audience nestedSubscribe = values.containsKey("nested_subscribe")
                ? value("nested_subscribe", NamespaceDeclaration::audience)
                : subscribe;
        Audience nestedPublish = values.containsKey("nested_publish")
                ? value("nested_publish", NamespaceDeclaration::audience)
                : publish;
        StartPosition start = value("start", StartPosition::parse);
        Boolean latestOnly =
                values.containsKey("latest_only") ? value("latest_only", NamespaceDeclaration::yesOrNo) : Boolean.FALSE;
        if (number == null
                || partitions == null
                || retention == null
                || subscribe == null
                || publish == null
                || nestedSubscribe == null
                || nestedPublish == null
                || start == null
                || latestOnly == null) {
            return null;
        }
        try {
            return new Namespace(
                    name,
                    number,
                    partitions,
                    retention,
                    subscribe,
                    publish,
                    nestedSubscribe,
                    nestedPublish,
                    start,
                    latestOnly);
        } catch (IllegalArgumentException e) {
            faults.add(String.valueOf(e.getMessage()));
            return null;
        }
    }

    private <T> @Nullable T value(String key, Function<String, T> reader) {
        String text = values.getOrDefault(key, "");
        if (text.isEmpty()) {
            faults.add(name + "." + key + " is missing");
            return null;
        }
        try {
            return reader.apply(text);
        } catch (IllegalArgumentException e) {
            faults.add(name + "." + key + ": " + e.getMessage());
            return null;
        }
    }

    private static Integer number(String text) {
        try {
            return Integer.valueOf(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("\"" + text + "\", expected a whole number", e);
        }
    }

    private static Duration duration(String text) {
        try {
            return Duration.parse(text);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("\"" + text + "\", expected an ISO 8601 duration such as P7D", e);
        }
    }

    private static Audience audience(String text) {
        try {
            return Audience.valueOf(text.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "\"" + text + "\", expected public, authenticated, owner, grant or none", e);
        }
    }

    private static Boolean yesOrNo(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException("\"" + text + "\", expected true or false");
        };
    }
}
