package io.tailrace.standalone.supervision;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@code up} runs: everything but what {@code --without} names.
 *
 * @param without the names of parts and services that are left out
 */
public record Selection(Set<String> without) {
    /** The services that run inside the standalone process. */
    public static final List<String> SERVICES =
            List.of("ingest-api", "sse-edge", "projections", "workers", "search-indexer");

    private static final List<String> OTHERS =
            List.of("postgres", "redis", "kafka", "elasticsearch", "event-dispatcher", "telemetry", "demo-show");
    private static final Map<String, List<String>> GROUPS =
            Map.of("search", List.of("elasticsearch", "search-indexer"));

    /** Copies the set. */
    public Selection {
        without = Set.copyOf(without);
    }

    /**
     * Reads the names of {@code --without}.
     *
     * @throws IllegalArgumentException if one is not known; the message names those that are
     */
    public static Selection without(Collection<String> names) {
        Set<String> result = new LinkedHashSet<>();
        for (String name : names) {
            if (GROUPS.containsKey(name)) {
                result.addAll(GROUPS.getOrDefault(name, List.of()));
            } else if (SERVICES.contains(name) || OTHERS.contains(name)) {
                result.add(name);
            } else {
                throw new IllegalArgumentException("--without " + name + ": expected search, "
                        + String.join(", ", SERVICES) + ", " + String.join(", ", OTHERS));
            }
        }
        if (result.contains("ingest-api")) {
            result.add("telemetry");
            result.add("demo-show");
        }
        return new Selection(result);
    }

    /** Whether it runs. */
    public boolean has(String name) {
        return !without.contains(name);
    }

    /** The services inside the standalone process that run. */
    public List<String> services() {
        return SERVICES.stream().filter(this::has).toList();
    }
}
