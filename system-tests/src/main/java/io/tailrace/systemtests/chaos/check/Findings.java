package io.tailrace.systemtests.chaos.check;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What was found wrong: exact counts, and the first of them in words. Not thread-safe. */
public final class Findings {
    /** Lines that are kept. */
    private static final int MAX_LINES = 100;

    private final Map<Finding, Long> counts = new EnumMap<>(Finding.class);
    private final List<String> lines = new ArrayList<>();

    /** Something is wrong {@code count} times. */
    public void add(Finding kind, long count, String what) {
        if (count > 0) {
            counts.merge(kind, count, Long::sum);
            if (lines.size() < MAX_LINES) {
                lines.add(kind + " " + count + ": " + what);
            }
        }
    }

    /** How often. */
    public long count(Finding kind) {
        return counts.getOrDefault(kind, 0L);
    }

    /** Whether nothing is wrong. */
    public boolean isEmpty() {
        return counts.isEmpty();
    }

    /** The first of them in words. */
    public List<String> lines() {
        return Collections.unmodifiableList(lines);
    }
}
