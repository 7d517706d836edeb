package io.tailrace.systemtests.chaos.stream;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a client wants to read, and what its next token allows. Not thread-safe. */
final class Wishes {
    /** Each wanted channel with where it is to start when it is added to an open stream. */
    private final Map<String, String> wanted = new LinkedHashMap<>();

    private final Set<String> granted = new LinkedHashSet<>();

    Wishes(List<String> channels, List<String> grants, String start) {
        channels.forEach(channel -> wanted.put(channel, start));
        granted.addAll(grants);
    }

    void add(String channel, String start) {
        wanted.put(channel, start);
    }

    void remove(String channel) {
        wanted.remove(channel);
    }

    void grant(String channel) {
        granted.add(channel);
    }

    void revoke(String channel) {
        wanted.remove(channel);
        granted.remove(channel);
    }

    Set<String> wanted() {
        return new TreeSet<>(wanted.keySet());
    }

    String start(String channel) {
        return wanted.getOrDefault(channel, "live");
    }

    Set<String> granted() {
        return new TreeSet<>(granted);
    }
}
