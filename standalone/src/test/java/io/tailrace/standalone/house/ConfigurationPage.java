package io.tailrace.standalone.house;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.standalone.service.CoordinatorSettings;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The page docs/configuration.md, made from what the compiler knows of the settings classes (names, types, defaults) and
 * from their Javadoc (meanings). It is not written by hand, so it cannot drift.
 */
public final class ConfigurationPage {
    /** Where it stands, from the repository's root. */
    static final Path PLACE = Path.of("docs", "configuration.md");

    private static final String METADATA = "META-INF/spring-configuration-metadata.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private record Setting(String name, String type, String defaultValue, String meaning) {}

    private ConfigurationPage() {}

    /** The page as it should be. */
    static String text(Path root) throws IOException {
        StringBuilder page = new StringBuilder(String.format(
                Locale.ROOT,
                """
                # Configuration

                Every service reads its settings from the environment; `./tailrace up` and `./tailrace run` set those that tie
                the parts together and write them to `<data>/environment`. A name in the environment is the setting's name in
                capitals with `_` for `.` and `-`. Durations are `15s`, `200ms`, `24h`. Later ones win: the defaults below, the
                file that `TAILRACE_CONFIG_FILE` names, environment variables, system properties (`-Dtailrace.http.port=8081`),
                arguments. A service that cannot use its settings says everything that is wrong with them and does not start.

                The file is YAML, or Java properties if its name ends so, with the settings' names as they are in the code
                (`tailrace.http.max-connections: 5000`, `logger.levels.io.tailrace: DEBUG`), for all services at once. SIGHUP makes a
                service that has no terminal read again, without a restart: the signing keys, the keys that verify tokens, and the log
                levels of the file. Everything else is read at the start.

                This page is made from the settings classes: do not edit it, run `./tailrace docs`.

                ## Common

                | Variable | Default | Meaning |
                |---|---|---|
                | `TAILRACE_DATA` | `.tailrace` | the launcher's data folder: servers' data, logs, keys, ports |
                | `TAILRACE_CONFIG_FILE` | | a file with settings |
                | `TAILRACE_HTTP_HOST` | `127.0.0.1` | the address that a service listens on |
                | `TAILRACE_HTTP_PORT` | `8080` | its port |
                | `TAILRACE_HTTP_TRANSPORT` | `epoll,nio` | how it reads and writes, the first that the machine has: `io_uring` (Linux, if the kernel allows it), `epoll` (Linux), `nio` |
                | `TAILRACE_HTTP_MAX_BODY_BYTES` | `10485760` | the longest body of a request; one that is longer is answered 413 |
                | `TAILRACE_HTTP_MAX_HEADER_BYTES` | `16384` | all headers of a request together; more is answered 431 |
                | `TAILRACE_HTTP_MAX_LINE_BYTES` | `16384` | the first line of a request; a longer one is answered 414 |
                | `TAILRACE_HTTP_IDLE_TIMEOUT` | `120s` | closes a connection on which nothing moves in either direction |
                | `TAILRACE_HTTP_SHUTDOWN_GRACE` | `10s` | how long requests that are under way may take to end when a service stops |
                | `TAILRACE_POSTGRES_URL` | `jdbc:postgresql://127.0.0.1:5432/tailrace` | JDBC URL |
                | `TAILRACE_POSTGRES_USER` | `tailrace` | its user |
                | `TAILRACE_POSTGRES_PASSWORD` | | its password |
                | `TAILRACE_ELASTICSEARCH_URL` | `http://127.0.0.1:9200` | where Elasticsearch answers |
                | `TAILRACE_SIGNING_KEY_FILE` | | the keys of `ingest-api`, which does not start without them: a JSON Web Key Set of P-256 keys. The first one is private and signs tokens; all are published |
                | `TAILRACE_NAMESPACES_FILE` | | a namespace file instead of the built-in one |
                | `TAILRACE_QUEUES_FILE` | | a file of job queues instead of the built-in one; the same for all services |
                | `TAILRACE_JOB_TYPES_FILE` | | a file with the types of jobs that your own workers run, beside the built-in ones; the same for all services |
                | `TAILRACE_LOG_FORMAT` | `text`; `json` in images | the form of log lines: `text`, or `json`, one object a line |
                | `TAILRACE_LOG_LEVEL` | `INFO` | the least that is logged: `ERROR`, `WARN`, `INFO`, `DEBUG` |
                | `OTEL_EXPORTER_OTLP_ENDPOINT` | | where traces go by OTLP over HTTP, `http://jaeger:4318` say; empty: there are none |
                | `OTEL_TRACES_SAMPLER`, `OTEL_TRACES_SAMPLER_ARG` | `parentbased_always_on` | which requests are traced, by the \
                standard: `parentbased_traceidratio` and `0.01` for one in a hundred. Other `OTEL_*` settings hold as well |
                | `TAILRACE_UP_COORDINATOR_PATIENCE` | `%s` | how long one of the coordinators of `up`'s broker may not \
                answer, though the broker does, before the broker is started again; doubles with every such restart in a row |
                | `TAILRACE_UP_COORDINATOR_RESTARTS` | `%d` | how many such restarts in a row, 0 to 10; after them it only says so. \
                A broker that has worked for ten minutes begins a new row |
                """,
                CoordinatorSettings.DEFAULT.patience().toSeconds() + "s",
                CoordinatorSettings.DEFAULT.restarts()));
        Map<String, Map<String, Setting>> byArea = settings(root);
        for (Map.Entry<String, Map<String, Setting>> area : byArea.entrySet()) {
            page.append("\n## `").append(area.getKey()).append("`\n\n");
            page.append("| Variable | Default | Meaning |\n|---|---|---|\n");
            for (Setting setting : area.getValue().values()) {
                page.append(String.format(
                        Locale.ROOT,
                        "| `%s` | %s | %s |%n",
                        setting.name().toUpperCase(Locale.ROOT).replaceAll("[.-]", "_"),
                        setting.defaultValue().isEmpty() ? "" : "`" + setting.defaultValue() + "`",
                        setting.meaning()));
            }
        }
        return page.toString();
    }

    private static Map<String, Map<String, Setting>> settings(Path root) throws IOException {
        Map<String, Map<String, Setting>> byArea = new TreeMap<>();
        for (URL resource :
                Collections.list(ConfigurationPage.class.getClassLoader().getResources(METADATA))) {
            for (JsonNode property : JSON.readTree(resource).path("properties")) {
                String name = property.path("name").asText();
                if (name.startsWith("tailrace.")) {
                    String leaf = name.substring(name.lastIndexOf('.') + 1);
                    byArea.computeIfAbsent(name.substring(0, name.lastIndexOf('.')), a -> new TreeMap<>())
                            .put(
                                    name,
                                    new Setting(
                                            name,
                                            property.path("type").asText(),
                                            property.path("defaultValue").asText(""),
                                            meaning(
                                                    root,
                                                    property.path("sourceType").asText(),
                                                    leaf)));
                }
            }
        }
        return byArea;
    }

    /** What the settings class says of a component: its {@code @param}, on one line and without markup. */
    private static String meaning(Path root, String className, String leaf) throws IOException {
        String source = source(root, className);
        String component = camelCase(leaf);
        // Two nested classes may have components of one name.
        Pattern param = Pattern.compile("@param " + component + "\\s+(.*?)(?=\\n\\s*\\*\\s*@|\\*/)", Pattern.DOTALL);
        Matcher matcher = param.matcher(documentation(source, className.replaceFirst(".*[.$]", "")));
        if (!matcher.find()) {
            matcher = param.matcher(source);
            if (!matcher.find()) {
                return "";
            }
        }
        return matcher.group(1)
                .replaceAll("\\s*\\n\\s*\\*\\s*", " ")
                .replaceAll("\\{@(?:code|value|link|linkplain) ([^}]*)}", "`$1`")
                .replace("|", "\\|")
                .strip();
    }

    /** The Javadoc of a type of the source, or all of the source if the type has none with parameters. */
    private static String documentation(String source, String type) {
        Matcher declared =
                Pattern.compile("\\b(?:record|class|interface) " + type + "\\b").matcher(source);
        while (declared.find()) {
            int begin = source.lastIndexOf("/**", declared.start());
            String before = source.substring(Math.max(0, begin), declared.start());
            if (begin >= 0 && before.contains("@param") && before.indexOf("*/") == before.lastIndexOf("*/")) {
                return before;
            }
        }
        return source;
    }

    private static String source(Path root, String className) throws IOException {
        String file = className.replace('.', '/').replaceAll("\\$.*", "") + ".java";
        try (Stream<Path> modules = Files.list(root)) {
            List<Path> found = modules.map(
                            module -> module.resolve("src/main/java").resolve(file))
                    .filter(Files::exists)
                    .toList();
            if (found.size() != 1) {
                throw new IOException(className + ": expected one source file, found " + found);
            }
            return Files.readString(found.getFirst());
        }
    }

    private static String camelCase(String kebab) {
        StringBuilder camel = new StringBuilder();
        for (String part : kebab.split("-", -1)) {
            camel.append(camel.isEmpty() ? part : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1));
        }
        return camel.toString();
    }

    static Path repositoryRoot() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(folder.resolve("contracts"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("the repository's root is not above the working directory");
            }
        }
        return folder;
    }
}
