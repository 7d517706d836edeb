package io.tailrace.ingest.input;

import java.util.List;

/** Entity tags and {@code If-None-Match} (RFC 9110, sections 8.8.3 and 13.1.2). Pure. */
public final class EntityTags {
    private EntityTags() {}

    /** A strong tag. */
    public static String tag(String value) {
        return "\"" + value + "\"";
    }

    /**
     * Whether one of the tags of a request is the one of {@code value}, by weak comparison; {@code *} is any.
     *
     * @param headers the values of {@code If-None-Match}
     * @param value of the present representation; without commas and quotes
     */
    public static boolean match(List<String> headers, String value) {
        String tag = tag(value);
        for (String header : headers) {
            for (String part : header.split(",", -1)) {
                String one = part.strip();
                if (one.equals("*") || (one.startsWith("W/") ? one.substring(2) : one).equals(tag)) {
                    return true;
                }
            }
        }
        return false;
    }
}
