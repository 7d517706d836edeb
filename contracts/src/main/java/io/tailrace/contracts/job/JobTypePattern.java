package io.tailrace.contracts.job;

import java.util.regex.Pattern;

/**
 * A pattern of job types as it stands in a token's claim {@code jobs}: a type, or the beginning of one and a {@code *}. A lone
 * {@code *} is every type.
 *
 * @param text the pattern as written; valid by construction
 */
public record JobTypePattern(String text) {
    private static final Pattern FORM = Pattern.compile("\\*|[a-z][a-z0-9_.-]{0,63}|[a-z][a-z0-9_.-]{0,62}\\*");

    /**
     * Checks a pattern.
     *
     * @throws IllegalArgumentException if no type could match it
     */
    public JobTypePattern {
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "pattern of job types: expected a type, or the beginning of one and \"*\", for example image.*");
        }
    }

    /** Whether it ends with a {@code *}. */
    public boolean isPrefix() {
        return text.endsWith("*");
    }

    /** What every type that it covers begins with, or is. */
    public String beginning() {
        return isPrefix() ? text.substring(0, text.length() - 1) : text;
    }

    /** Whether it covers a type. */
    public boolean matches(String type) {
        return isPrefix() ? type.startsWith(beginning()) : type.equals(text);
    }
}
