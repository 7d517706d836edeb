package io.tailrace.contracts.webhook;

import java.util.regex.Pattern;

/**
 * Which types of events an endpoint wants: a type, or the beginning of one and a {@code *}. A lone {@code *} is every type, and also
 * an event that has none.
 *
 * @param text the pattern as written; valid by construction
 */
public record EventPattern(String text) {
    private static final Pattern FORM =
            Pattern.compile("\\*|[A-Za-z][A-Za-z0-9_.:-]{0,127}|[A-Za-z][A-Za-z0-9_.:-]{0,126}\\*");

    /**
     * Checks a pattern.
     *
     * @throws IllegalArgumentException if no type could match it
     */
    public EventPattern {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "expected the type of an event, or the beginning of one and \"*\", for example user.*");
        }
    }

    /** Whether it covers a type; the empty text for an event without one. */
    public boolean matches(String type) {
        return text.endsWith("*") ? type.startsWith(text.substring(0, text.length() - 1)) : type.equals(text);
    }
}
