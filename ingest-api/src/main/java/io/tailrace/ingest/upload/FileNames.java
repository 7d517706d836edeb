package io.tailrace.ingest.upload;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/** Makes the name of a file safe to show and to save under. Pure. */
final class FileNames {
    /** What a name without anything to see becomes. */
    static final String UNNAMED = "file";

    /** What file systems take, in bytes of UTF-8. */
    private static final int MAX_BYTES = 255;

    /** A longer ending is not one that tells what kind of file it is. */
    private static final int MAX_ENDING = 16;

    private FileNames() {}

    /**
     * A name of one line without a path: the last part of what the client said, in NFC, without control characters, marks that turn the
     * direction of text and other characters that nobody sees, no longer than {@value #MAX_BYTES} bytes with its ending.
     */
    static String normalize(@Nullable String declared) {
        if (declared == null) {
            return UNNAMED;
        }
        String last = declared.substring(Math.max(declared.lastIndexOf('/'), declared.lastIndexOf('\\')) + 1);
        StringBuilder visible = new StringBuilder();
        Normalizer.normalize(last, Normalizer.Form.NFC).codePoints().forEach(c -> append(visible, c));
        String name = trim(visible.toString());
        return name.isEmpty() ? UNNAMED : trim(shorten(name));
    }

    private static void append(StringBuilder visible, int c) {
        switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> {}
            case Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> {
                if (visible.isEmpty() || visible.charAt(visible.length() - 1) != ' ') {
                    visible.append(' ');
                }
            }
            default -> visible.appendCodePoint(c);
        }
    }

    /** Dots and spaces at the ends: a hidden file, a folder, or what Windows leaves out. */
    private static String trim(String name) {
        int from = 0;
        int to = name.length();
        while (from < to && isEdge(name.charAt(from))) {
            from++;
        }
        while (from < to && isEdge(name.charAt(to - 1))) {
            to--;
        }
        return name.substring(from, to);
    }

    private static boolean isEdge(char c) {
        return c == '.' || c == ' ';
    }

    private static String shorten(String name) {
        if (bytes(name) <= MAX_BYTES) {
            return name;
        }
        int dot = name.lastIndexOf('.');
        String ending = dot > 0 && name.length() - dot <= MAX_ENDING ? name.substring(dot) : "";
        int left = MAX_BYTES - bytes(ending);
        StringBuilder kept = new StringBuilder();
        for (int i = 0; i < name.length() - ending.length(); i = name.offsetByCodePoints(i, 1)) {
            String next = Character.toString(name.codePointAt(i));
            left -= bytes(next);
            if (left < 0) {
                break;
            }
            kept.append(next);
        }
        return kept + ending;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
