package io.tailrace.standalone.supervision;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@code up} runs: everything but what {@code --without} names, and what {@code --with} names.
 *
 * @param without the names of parts and services that are left out
 * @param with the names of parts that run only if somebody wants them
 */
public record Selection(Set<String> without, Set<String> with) {
    /** The server of a small model on this machine. */
    public static final String LOCAL_MODEL = "local-model";

    /** What {@code --with} calls it. */
    public static final String AI = "ai";

    /** The services that run inside the standalone process. */
    public static final List<String> SERVICES =
            List.of("ingest-api", "sse-edge", "projections", "workers", "search-indexer");

    private static final List<String> OTHERS =
            List.of("postgres", "redis", "kafka", "elasticsearch", "event-dispatcher", "telemetry", "demo-show");
    private static final Map<String, List<String>> GROUPS =
            Map.of("search", List.of("elasticsearch", "search-indexer"));

    /** Copies the sets. */
    public Selection {
        without = Set.copyOf(without);
        with = Set.copyOf(with);
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
        return new Selection(result, Set.of());
    }

    /**
     * The same and what {@code --with} names.
     *
     * @throws IllegalArgumentException if one is not known
     */
    public Selection with(Collection<String> names) {
        for (String name : names) {
            if (!name.equals(AI)) {
                throw new IllegalArgumentException("--with " + name + ": expected " + AI);
            }
        }
        return new Selection(without, names.isEmpty() ? Set.of() : Set.of(LOCAL_MODEL));
    }

    /** The same without the parts that run only if somebody wants them. */
    public Selection withNothingMore() {
        return new Selection(without, Set.of());
    }

    /** Whether it runs. */
    public boolean has(String name) {
        return name.equals(LOCAL_MODEL) ? with.contains(name) : !without.contains(name);
    }

    /** The services inside the standalone process that run. */
    public List<String> services() {
        return SERVICES.stream().filter(this::has).toList();
    }
}
