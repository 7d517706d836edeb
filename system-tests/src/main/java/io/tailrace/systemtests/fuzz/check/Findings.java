package io.tailrace.systemtests.fuzz.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is wrong: all of it is counted, and the first of each kind are kept in words. Thread-safe. */
public final class Findings {
    private static final int KEPT_OF_A_KIND = 5;
    private static final int KEPT_CHARACTERS = 1_500;

    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<String> lines = new ArrayList<>();

    /** Adds one. */
    public synchronized void add(String kind, String words) {
        if (counts.merge(kind, 1, Integer::sum) <= KEPT_OF_A_KIND) {
            lines.add(kind + ": "
                    + (words.length() > KEPT_CHARACTERS ? words.substring(0, KEPT_CHARACTERS) + "…" : words));
        }
    }

    /** How many of each kind. */
    public synchronized Map<String, Integer> counts() {
        return new TreeMap<>(counts);
    }

    /** The kept ones. */
    public synchronized List<String> lines() {
        return List.copyOf(lines);
    }
}
