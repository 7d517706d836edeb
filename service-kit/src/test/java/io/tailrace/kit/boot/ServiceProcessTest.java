package io.tailrace.kit.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import io.micronaut.runtime.server.EmbeddedServer;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.kit.http.HttpSettings;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.security.JwksSettings;
import io.tailrace.kit.security.TokenSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A service as a process of its own: settings by the environment, a signal, a port that is taken. */
@Tag("server")
class ServiceProcessTest {
    private static final long DEADLINE_S = 60;

    /** The service: it prints what became of its settings, and serves. */
    static final class Service {
        private Service() {}

        public static void main(String[] args) {
            ApplicationContext context = ServiceBoot.run("process-test", Service.class, args, Map.of());
            System.out.println(String.join(
                    " ",
                    "ready",
                    Integer.toString(context.getBean(EmbeddedServer.class).getPort()),
                    Integer.toString(context.getBean(HttpSettings.class).maxConnections()),
                    context.getBean(KafkaSettings.class).bootstrap(),
                    String.valueOf(context.getBean(JwksSettings.class).file()),
                    context.getBean(TokenSettings.class).issuer(),
                    context.getBean(Namespaces.class).all().iterator().next().name()));
        }
    }

    @Test
    void theEnvironmentSetsEverythingAndASignalEndsIt(@TempDir Path folder) throws Exception {
        Path namespaces = folder.resolve("namespaces.properties");
        Files.writeString(
                namespaces,
                """
                own.number=9
                own.partitions=1
                own.retention=P1D
                own.subscribe=public
                own.publish=none
                own.start=live
                """);
        Process process = start(Map.of(
                "TAILRACE_HTTP_PORT", "-1",
                "TAILRACE_HTTP_TRANSPORT", "nio",
                "TAILRACE_HTTP_MAX_CONNECTIONS", "77",
                "TAILRACE_KAFKA_BOOTSTRAP", "kafka:1234",
                "TAILRACE_JWKS_FILE", "keys.json",
                "TAILRACE_TOKEN_ISSUER", "somebody",
                "TAILRACE_NAMESPACES_FILE", namespaces.toString()));
        try (BufferedReader out = process.inputReader()) {
            List<String> ready = List.of(lineWith(out, "ready ").split(" "));
            assertThat(ready.subList(2, 7)).containsExactly("77", "kafka:1234", "keys.json", "somebody", "own");
            assertThat(health(ready.get(1))).isEqualTo(200);

            // Process.destroy would close our end of its output.
            assertThat(process.toHandle().destroy()).isTrue();

            assertThat(lineWith(out, "has stopped")).contains("process-test has stopped");
            assertThat(process.waitFor(DEADLINE_S, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void everyFaultOfItsSettingsIsToldAtOnce(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("tailrace.yml");
        Files.writeString(
                file,
                """
                tailrace:
                  http:
                    max-conections: 5
                    http2:
                      max-streams: 0
                  token:
                    issuer: by-the-file
                  of-another-service: [1, 2]
                """);
        Process process = start(Map.of(
                "TAILRACE_CONFIG_FILE", file.toString(),
                "TAILRACE_HTTP_PORT", "banana",
                "TAILRACE_HTTP_HEAD_TIMEOUT", "soon",
                "TAILRACE_HTTP_MAX_CONNECTIONS", "many"));
        try (BufferedReader out = process.inputReader()) {
            String lines = String.join("\n", out.lines().toList());

            assertThat(process.waitFor(DEADLINE_S, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(lines)
                    .contains("5 settings cannot be used:")
                    .contains("tailrace.http.port: \"banana\", expected a whole number")
                    .contains("tailrace.http.head-timeout: \"soon\", expected a duration such as")
                    .contains("tailrace.http.max-connections: \"many\", expected a whole number")
                    .contains("tailrace.http.http2.max-streams: 0, expected above 0")
                    .contains("tailrace.http.max-conections: there is no such setting")
                    .doesNotContain("of-another-service", "Exception");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void theEnvironmentWinsOverTheFileAndTheFileOverTheDefaults(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("tailrace.properties");
        Files.writeString(
                file,
                "tailrace.http.max-connections=66\ntailrace.token.issuer=by-the-file\ntailrace.http.port=-1\n"
                        + "tailrace.http.transport=nio\ntailrace.jwks.file=by-the-file\n");
        Process process =
                start(Map.of("TAILRACE_CONFIG_FILE", file.toString(), "TAILRACE_TOKEN_ISSUER", "by-the-environment"));
        try (BufferedReader out = process.inputReader()) {
            List<String> ready = List.of(lineWith(out, "ready ").split(" "));
            assertThat(ready.get(2)).isEqualTo("66");
            assertThat(ready.get(4)).isEqualTo("by-the-file");
            assertThat(ready.get(5)).isEqualTo("by-the-environment");
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aSettingsFileThatIsNotThereOrNoYamlIsNamed(@TempDir Path folder) throws Exception {
        Path broken = folder.resolve("broken.yml");
        Files.writeString(broken, "tailrace: [\n");
        for (Path file : List.of(folder.resolve("missing.yml"), broken)) {
            Process process = start(Map.of("TAILRACE_CONFIG_FILE", file.toString()));
            try (BufferedReader out = process.inputReader()) {
                List<String> lines = out.lines().toList();
                assertThat(process.waitFor(DEADLINE_S, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isEqualTo(1);
                assertThat(lines).singleElement().asString().contains("TAILRACE_CONFIG_FILE: " + file + " cannot be");
            } finally {
                process.destroyForcibly();
            }
        }
    }

    @Test
    void aHangUpReadsAgainWhatCanBeReadAgain(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("tailrace.properties");
        Files.writeString(file, "tailrace.http.port=-1\ntailrace.http.transport=nio\ntailrace.jwks.file=keys.json\n");
        Process process = start(Map.of("TAILRACE_CONFIG_FILE", file.toString()));
        try (BufferedReader out = process.inputReader()) {
            List<String> ready = List.of(lineWith(out, "ready ").split(" "));
            Files.writeString(file, "logger.levels.io.tailrace=DEBUG\n");

            hangUp(process);

            assertThat(lineWith(out, "log levels: ")).contains("read again");
            Files.writeString(file, "logger.levels.io.tailrace=LOUD\n");
            hangUp(process);
            assertThat(lineWith(out, "log levels: ")).contains("cannot be read again, the old stay");
            assertThat(health(ready.get(1))).isEqualTo(200);
        } finally {
            process.destroyForcibly();
        }
    }

    private static void hangUp(Process process) throws Exception {
        boolean unused = new ProcessBuilder("kill", "-HUP", Long.toString(process.pid()))
                .start()
                .waitFor(DEADLINE_S, TimeUnit.SECONDS);
    }

    @Test
    void aTakenPortEndsItWithOneLineAndStatusOne() throws Exception {
        // The broker takes connections: a process that stops makes a client for it, which would complain that it is
        // away.
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                ServerSocket broker = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
            Process process = start(Map.of(
                    "TAILRACE_HTTP_PORT",
                    Integer.toString(taken.getLocalPort()),
                    "TAILRACE_KAFKA_BOOTSTRAP",
                    "127.0.0.1:" + broker.getLocalPort()));
            try (BufferedReader out = process.inputReader()) {
                List<String> lines = out.lines().toList();

                assertThat(process.waitFor(DEADLINE_S, TimeUnit.SECONDS)).isTrue();
                assertThat(process.exitValue()).isEqualTo(1);
                assertThat(lines).singleElement().satisfies(line -> assertThat(line)
                        .contains("process-test cannot start: the address is in use; set TAILRACE_HTTP_PORT"));
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private static Process start(Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        // Whoever runs the tests under nohup ignores SIGHUP, and so would every process that they
                        // start.
                        "env",
                        "--default-signal=HUP",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        // Of the two on the class path this is the one of production.
                        "-Dlogback.configurationFile=logback.xml",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Service.class.getName())
                .redirectErrorStream(true);
        builder.environment().putAll(environment);
        Process process = builder.start();
        // A line that does not come is a failure and not a test that never ends.
        CompletableFuture.delayedExecutor(DEADLINE_S, TimeUnit.SECONDS).execute(process::destroyForcibly);
        return process;
    }

    private static String lineWith(BufferedReader out, String text) throws IOException {
        StringBuilder before = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.contains(text)) {
                return line;
            }
            before.append(line).append('\n');
        }
        throw new AssertionError("no line with \"" + text + "\" in:\n" + before);
    }

    private static int health(String port) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health/readiness"))
                                    .timeout(Duration.ofSeconds(DEADLINE_S))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        }
    }
}
