package io.tailrace.standalone.house;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which module of the repository may depend on which other, tests aside. */
final class ModuleTable {
    private static final List<String> SERVICE = List.of("service-kit", "contracts");

    private static final List<String> WITH_GRPC = List.of("service-kit", "contracts", "grpc-api");

    static final Map<String, List<String>> ALLOWED = Map.ofEntries(
            Map.entry("contracts", List.of()),
            // For tests alone, and without a word of ours: the kit is tested with it, too.
            Map.entry("test-backends", List.of()),
            // Generated from files that are a contract with clients.
            Map.entry("grpc-api", List.of()),
            Map.entry("service-kit", List.of("contracts")),
            Map.entry("ingest-api", WITH_GRPC),
            // Its topologies may not use the kit's framework: LayeringTest, docs/decisions/0006.
            Map.entry("event-dispatcher", SERVICE),
            Map.entry("sse-edge", WITH_GRPC),
            Map.entry("projections", SERVICE),
            Map.entry("workers", WITH_GRPC),
            Map.entry("search-indexer", SERVICE),
            // Not in standalone: what it writes with is heavy.
            Map.entry("exporter", SERVICE),
            // A program that workers start: none of it is on their class path.
            Map.entry("extractor", List.of()),
            Map.entry("migrations", List.of()),
            Map.entry("seeds", SERVICE),
            Map.entry(
                    "standalone",
                    List.of(
                            "contracts",
                            "service-kit",
                            "ingest-api",
                            "event-dispatcher",
                            "sse-edge",
                            "projections",
                            "workers",
                            "search-indexer",
                            "migrations")),
            // From outside, over the wire.
            Map.entry("system-tests", List.of()),
            // From outside, but for the inner parts that JMH measures, and a handler that the workers run; neither is
            // on the
            // class path of what it starts.
            Map.entry("bench", List.of("contracts", "grpc-api", "sse-edge", "workers")));

    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
    private static final Pattern DEPENDENCY = Pattern.compile("(?s)<dependency>(.*?)</dependency>");
    private static final Pattern ARTIFACT = Pattern.compile("<artifactId>([^<]+)</artifactId>");

    private ModuleTable() {}

    static List<String> modules(String rootPom) {
        return MODULE.matcher(rootPom).results().map(found -> found.group(1)).toList();
    }

    /** The modules of ours that a pom names outside of the test scope. */
    static List<String> dependencies(String pom) {
        List<String> names = new ArrayList<>();
        Matcher dependency = DEPENDENCY.matcher(pom);
        while (dependency.find()) {
            String body = dependency.group(1);
            Matcher artifact = ARTIFACT.matcher(body);
            if (body.contains("<groupId>io.tailrace</groupId>")
                    && !body.contains("<scope>test</scope>")
                    && artifact.find()) {
                names.add(artifact.group(1));
            }
        }
        return names;
    }
}
