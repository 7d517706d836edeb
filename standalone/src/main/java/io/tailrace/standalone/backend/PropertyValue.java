package io.tailrace.standalone.backend;

import java.util.Locale;

/** A value in a file of {@link java.util.Properties}, which is read as ISO 8859-1 by whoever takes its bytes, as Kafka does. */
final class PropertyValue {
    private PropertyValue() {}

    /** The text in ASCII, so that it is read as it was written, whatever the reader's charset is. */
    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' || c == ' ' && i == 0) {
                escaped.append('\\').append(c);
            } else if (c < ' ' || c > '~') {
                escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
