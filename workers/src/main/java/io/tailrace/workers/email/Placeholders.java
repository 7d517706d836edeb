package io.tailrace.workers.email;

import java.math.BigDecimal;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Puts values in the place of {@code {{name}}}. There are no loops and no conditions: the work is bounded by the lengths of text and
 * values, whoever has written them. Pure.
 */
final class Placeholders {
    /** The longest text that may come of it, in characters. */
    static final int MAX_CHARACTERS = 1_000_000;

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{\\s*([A-Za-z][A-Za-z0-9_]{0,63})\\s*}}");

    private Placeholders() {}

    /**
     * A plain text with values.
     *
     * @throws IllegalArgumentException if a name has no value, a value is an array or object, or the text becomes too long
     */
    static String text(String text, Map<String, @Nullable Object> data) {
        return filled(text, data, value -> value);
    }

    /**
     * An HTML text with values, whose characters have no meaning in HTML, neither between tags nor within quoted attributes.
     *
     * @throws IllegalArgumentException as in {@link #text}
     */
    static String html(String html, Map<String, @Nullable Object> data) {
        return filled(html, data, Placeholders::escaped);
    }

    private static String filled(String text, Map<String, @Nullable Object> data, UnaryOperator<String> form) {
        Matcher found = PLACEHOLDER.matcher(text);
        StringBuilder filled = new StringBuilder();
        int from = 0;
        while (found.find()) {
            filled.append(text, from, found.start()).append(form.apply(value(found.group(1), data)));
            from = found.end();
            checkLength(filled);
        }
        checkLength(filled.append(text, from, text.length()));
        return filled.toString();
    }

    private static void checkLength(StringBuilder text) {
        if (text.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException(
                    "data: the text would have more than " + MAX_CHARACTERS + " characters with its values");
        }
    }

    private static String value(String name, Map<String, @Nullable Object> data) {
        return switch (data.get(name)) {
            case null ->
                throw new IllegalArgumentException("data." + name + ": is missing, expected one of the values "
                        + String.join(", ", new TreeSet<>(data.keySet())));
            case String text -> text;
            case BigDecimal number -> number.toPlainString();
            case Number number -> number.toString();
            case Boolean flag -> flag.toString();
            default -> throw new IllegalArgumentException("data." + name + ": expected a text, a number or a boolean");
        };
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.chars().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.append((char) c);
            }
        });
        return escaped.toString();
    }
}
