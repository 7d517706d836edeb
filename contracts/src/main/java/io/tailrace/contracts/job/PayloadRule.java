package io.tailrace.contracts.job;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a field of a payload has to be: one of some kinds, in the words of a declaration, for example {@code line 1..998} or {@code
 * integer | line 1..64 optional}. Pure.
 *
 * @param text the declaration
 * @param isOptional whether it may be missing or null
 * @param kinds the kinds, of which it has to be one
 */
public record PayloadRule(String text, boolean isOptional, List<Kind> kinds) {
    private static final String OPTIONAL = " optional";
    private static final String KINDS =
            "any, array, boolean, email, id, integer, line A..B, number, object, one A B …, text A..B or url";
    private static final Pattern RANGE = Pattern.compile("(text|line) ([0-9]{1,7})\\.\\.([0-9]{1,7})");
    private static final Pattern CHOICE = Pattern.compile("one( [A-Za-z0-9_.-]+)+");
    private static final Pattern EMAIL =
            Pattern.compile("[^@\\s\\p{Cntrl}<>(),;:\"]{1,64}@[^@\\s\\p{Cntrl}<>(),;:\"]{1,255}");
    private static final Pattern ID = Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern URL = Pattern.compile(
            "(?i)https?://([a-z0-9.-]{1,253}|\\[[0-9a-f:.]{2,45}])(:[0-9]{1,5})?([/?#][^\\s\\p{Cntrl}]*)?");
    private static final int MAX_URL = 2_000;

    /** A kind of value. */
    public sealed interface Kind {
        /** Characters: of a line, without control characters. */
        record Text(boolean isLine, int least, int most) implements Kind {}

        /** One of these texts. */
        record Choice(List<String> texts) implements Kind {}

        /** What has no parameters. */
        enum Plain implements Kind {
            ANY,
            ARRAY,
            BOOLEAN,
            /** The address of a mailbox, without a name. */
            EMAIL,
            /** A UUID. */
            ID,
            INTEGER,
            NUMBER,
            OBJECT,
            /** An address of {@code http} or {@code https} with a host. */
            URL
        }
    }

    /**
     * Reads a declaration.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static PayloadRule parse(String text) {
        boolean optional = text.endsWith(OPTIONAL);
        String rest = optional ? text.substring(0, text.length() - OPTIONAL.length()) : text;
        List<Kind> kinds = new ArrayList<>();
        for (String kind : rest.split("\\|", -1)) {
            kinds.add(kind(kind.strip()));
        }
        return new PayloadRule(rest.strip(), optional, List.copyOf(kinds));
    }

    private static Kind kind(String text) {
        var range = RANGE.matcher(text);
        if (range.matches()) {
            return new Kind.Text(
                    range.group(1).equals("line"), Integer.parseInt(range.group(2)), Integer.parseInt(range.group(3)));
        }
        if (CHOICE.matcher(text).matches()) {
            return new Kind.Choice(List.of(text.substring("one ".length()).split(" ")));
        }
        for (Kind.Plain plain : Kind.Plain.values()) {
            if (plain.name().equalsIgnoreCase(text)) {
                return plain;
            }
        }
        throw new IllegalArgumentException("\"" + text + "\", expected " + KINDS);
    }

    /**
     * What is wrong with a value, or null. It does not repeat the value: payloads may hold secrets.
     *
     * @param value plain JSON: a map, a list, a text, a number, a boolean or null
     */
    public @Nullable String fault(@Nullable Object value) {
        if (value == null) {
            return isOptional ? null : "is missing, expected " + text;
        }
        return kinds.stream().anyMatch(kind -> fits(kind, value)) ? null : found(value) + ", expected " + text;
    }

    private static boolean fits(Kind kind, Object value) {
        return switch (kind) {
            case Kind.Text(boolean isLine, int least, int most) ->
                value instanceof String text && fits(text, isLine, least, most);
            case Kind.Choice(List<String> texts) -> value instanceof String text && texts.contains(text);
            case Kind.Plain plain -> fits(plain, value);
        };
    }

    private static boolean fits(Kind.Plain kind, Object value) {
        return switch (kind) {
            case ANY -> true;
            case ARRAY -> value instanceof List;
            case BOOLEAN -> value instanceof Boolean;
            case EMAIL -> value instanceof String text && EMAIL.matcher(text).matches();
            case ID -> value instanceof String text && ID.matcher(text).matches();
            case INTEGER -> value instanceof Integer || value instanceof Long;
            case NUMBER -> value instanceof Number;
            case OBJECT -> value instanceof Map;
            case URL ->
                value instanceof String text
                        && text.length() <= MAX_URL
                        && URL.matcher(text).matches();
        };
    }

    private static boolean fits(String text, boolean isLine, int least, int most) {
        int length = text.codePointCount(0, text.length());
        return length >= least
                && length <= most
                && StandardCharsets.UTF_8.newEncoder().canEncode(text)
                && text.chars()
                        .noneMatch(c -> Character.isISOControl(c) && (isLine || c != '\n' && c != '\r' && c != '\t'));
    }

    private static String found(Object value) {
        return switch (value) {
            case String text -> "a text of " + text.codePointCount(0, text.length()) + " characters";
            case Number _ -> "a number";
            case Boolean _ -> "a boolean";
            case List<?> _ -> "an array";
            default -> "an object";
        };
    }
}
