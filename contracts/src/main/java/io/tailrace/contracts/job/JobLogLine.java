package io.tailrace.contracts.job;

import io.tailrace.contracts.text.Excerpt;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;

/**
 * A line that a handler has logged. Part of {@link JobEvents.JobLogged}, as it stands here.
 *
 * @param line its number in its attempt, from 1 to {@value #MAX_LINES}, without gaps
 * @param at when it was logged, by the worker's clock
 * @param level {@code trace}, {@code debug}, {@code info}, {@code warn} or {@code error}
 * @param text at most {@value #MAX_LINE_BYTES} bytes of UTF-8; may have line breaks
 */
public record JobLogLine(int line, Instant at, String level, String text) {
    /** The most lines of an attempt. */
    public static final int MAX_LINES = 500;

    /** The most bytes of all lines of an attempt. */
    public static final int MAX_BYTES = 65_536;

    /** The most bytes of a line. */
    public static final int MAX_LINE_BYTES = 4_096;

    private static final String CUT = "…";

    private static final Set<String> LEVELS = Set.of("trace", "debug", "info", "warn", "error");

    /** Checks the ranges. */
    public JobLogLine {
        JobLimits.range("line", line, 1, MAX_LINES);
        if (at == null) {
            throw new IllegalArgumentException("at: is missing, expected a time");
        }
        if (level == null || !LEVELS.contains(level)) {
            throw new IllegalArgumentException("level: expected one of trace, debug, info, warn, error");
        }
        if (text == null) {
            throw new IllegalArgumentException("text: is missing, expected a text");
        }
        JobLimits.range("text: its bytes", bytes(text), 0, MAX_LINE_BYTES);
    }

    /** Whether it is a level that a line may have. */
    public static boolean isLevel(String level) {
        return LEVELS.contains(level);
    }

    /** A text that a line may have: without halves of surrogate pairs, and no longer than a line may be. */
    public static String cut(String text) {
        String whole = Excerpt.beginning(text, MAX_LINE_BYTES);
        if (whole.length() == text.length() && bytes(whole) <= MAX_LINE_BYTES) {
            return whole;
        }
        int most = MAX_LINE_BYTES - bytes(CUT);
        int end = 0;
        int size = 0;
        while (end < whole.length()) {
            int codePoint = whole.codePointAt(end);
            size += bytes(Character.toString(codePoint));
            if (size > most) {
                break;
            }
            end += Character.charCount(codePoint);
        }
        return whole.substring(0, end) + CUT;
    }

    /** How many bytes a text has. */
    public static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
