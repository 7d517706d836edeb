package io.tailrace.standalone.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The chart's routes. Neither helm nor a cluster is at hand, so the template is read as text. */
class GatewayRouteTest {
    private static final Pattern MATCH = Pattern.compile("service: ([\\w.]+)(?:, method: (\\w+))?}");
    private static final Pattern BACKEND = Pattern.compile("\\.Release\\.Name }}-([a-z-]+), port: 9090");
    private static final Pattern PREFIXES = Pattern.compile("range \\$path := list ([^}]+) }}");
    private static final Pattern OWN_PATH = Pattern.compile("- path: (/[a-z]+)\\n");
    private static final Pattern CONTROLLER = Pattern.compile("@Controller\\(\"(/[a-z.-]+[a-z0-9/._-]*)");
    private static final Pattern DECLARED =
            Pattern.compile("(?m)^(?:package ([\\w.]+);|service (\\w+) \\{| *rpc (\\w+)\\()");

    private final Path root = SourceTree.here().root();
    private final String[] documents =
            read(root.resolve("deploy/helm/tailrace/templates/gateway.yaml")).split("\n---\n", -1);

    @Test
    void everyMethodGoesToTheServiceThatAnswersItAndReflectionToTheOneThatKnowsAll() throws IOException {
        Map<String, String> expected = new TreeMap<>(Map.of(
                "grpc.health.v1.Health", "ingest-api",
                "grpc.reflection.v1.ServerReflection", "ingest-api"));
        for (Path proto : files(root.resolve("grpc-api/src/main/proto"), ".proto")) {
            String file = "";
            String service = "";
            Matcher declared = DECLARED.matcher(read(proto));
            while (declared.find()) {
                if (declared.group(1) != null) {
                    file = String.valueOf(declared.group(1));
                } else if (declared.group(2) != null) {
                    service = String.valueOf(declared.group(2));
                } else {
                    String method = String.valueOf(declared.group(3));
                    expected.put(file + "." + service + "/" + method, answering(service, method));
                }
            }
        }

        assertThat(routes()).isEqualTo(expected);
        assertThat(expected).hasSizeGreaterThan(5);
    }

    @Test
    void everyControllerOfIngestApiIsReachedThroughTheIngressAndTheGateway() throws IOException {
        Set<String> served = new TreeSet<>();
        for (Path file : files(root.resolve("ingest-api/src/main/java"), ".java")) {
            Matcher controller = CONTROLLER.matcher(read(file));
            while (controller.find()) {
                served.add(controller.group(1));
            }
        }

        assertThat(served).contains("/bridges", "/api/v1").hasSizeGreaterThan(15);
        for (String template : List.of("gateway.yaml", "ingress.yaml")) {
            String text = read(root.resolve("deploy/helm/tailrace/templates").resolve(template));
            Matcher list = PREFIXES.matcher(text);
            assertThat(list.find()).as(template).isTrue();
            List<String> prefixes = new ArrayList<>(
                    List.of(String.valueOf(list.group(1)).replace("\"", "").split(" ", -1)));
            // Those that have annotations of their own.
            OWN_PATH.matcher(text).results().forEach(path -> prefixes.add(path.group(1)));
            assertThat(served).as("paths of ingest-api in %s", template).allMatch(path -> prefixes.stream()
                    .anyMatch(prefix -> path.equals(prefix)
                            || path.startsWith(prefix + "/")
                            // Of a controller that has more below it than what is for everybody.
                            || prefix.startsWith(path + "/")));
        }
    }

    /** A gateway accepts only one of two routes of different kinds for a host of a listener. */
    @Test
    void eachKindOfRouteHasAHostOfItsOwn() {
        assertThat(documents).hasSize(2);
        assertThat(documents[0])
                .contains("kind: HTTPRoute", "hostnames: [{{ .Values.gateway.host | quote }}]")
                .contains("if .Values.gateway.grpcHost");
        assertThat(documents[1]).contains("kind: GRPCRoute", "hostnames: [{{ .Values.gateway.grpcHost | quote }}]");
    }

    private Map<String, String> routes() {
        Map<String, String> routes = new TreeMap<>();
        List<String> matches = new ArrayList<>();
        documents[1].lines().forEach(line -> {
            Matcher match = MATCH.matcher(line);
            Matcher backend = BACKEND.matcher(line);
            if (match.find()) {
                matches.add(match.group(2) == null ? match.group(1) : match.group(1) + "/" + match.group(2));
            } else if (backend.find()) {
                String service = backend.group(1);
                matches.forEach(name -> routes.put(name, service));
                matches.clear();
            }
        });
        return routes;
    }

    /** The service whose source has the method's descriptor. */
    private String answering(String service, String method) throws IOException {
        String descriptor = service + "Grpc.get" + method + "Method()";
        for (String module : List.of("sse-edge", "ingest-api")) {
            for (Path file : files(root.resolve(module).resolve("src/main/java"), ".java")) {
                if (read(file).contains(descriptor)) {
                    return module;
                }
            }
        }
        throw new AssertionError("nobody answers " + service + "/" + method);
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().endsWith(ending)).toList();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
