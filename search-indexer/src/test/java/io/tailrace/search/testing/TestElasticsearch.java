package io.tailrace.search.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.jspecify.annotations.Nullable;

/**
 * One real Elasticsearch for all tests of a JVM, from the archive that Maven has put into {@code target}. It refuses to
 * run as root; then it runs as nobody.
 */
public final class TestElasticsearch {
    private static final Path ARCHIVE = Path.of("target", "elasticsearch", "elasticsearch.zip");
    private static final String NOBODY = "65534";
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static class Shared {
        static final TestElasticsearch SERVER = new TestElasticsearch();
    }

    private final Path folder;
    private final Path home;
    private final int port;
    private final int transportPort;
    private @Nullable Process process;

    private TestElasticsearch() {
        try {
            folder = Files.createTempDirectory("tailrace-search-test-es");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            home = unzip();
            port = freePort();
            transportPort = freePort();
            configure();
            if (isRoot()) {
                run("chown", "-R", NOBODY + ":" + NOBODY, folder.toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::end));
        start();
    }

    /** The one server of this JVM. */
    public static TestElasticsearch shared() {
        return Shared.SERVER;
    }

    /** Where it answers. */
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Starts it with the data that it has, unless it runs, and waits until it answers. */
    public synchronized void start() {
        if (process != null && process.isAlive()) {
            return;
        }
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
        }
        command.addAll(List.of("bash", home.resolve("bin/elasticsearch").toString()));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("console.log").toFile()));
        builder.environment().put("ES_JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("ES_JAVA_OPTS", "-Xms256m -Xmx512m -XX:TieredStopAtLevel=1");
        builder.environment().put("ES_TMPDIR", folder.resolve("tmp").toString());
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        try {
            Eventually.holds(
                    "Elasticsearch answers",
                    () -> request("GET", "/_cluster/health?wait_for_status=yellow&timeout=1s", null)
                                    .statusCode()
                            == 200);
        } catch (AssertionError e) {
            throw new IllegalStateException(console(), e);
        }
    }

    private String console() {
        try {
            String all = Files.readString(folder.resolve("console.log"));
            return all.substring(Math.max(0, all.length() - 4000));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Kills it at once. */
    public synchronized void kill() {
        Process running = process;
        if (running == null) {
            return;
        }
        // The start script's JVM and the server's.
        List<ProcessHandle> all = new ArrayList<>(running.descendants().toList());
        all.add(running.toHandle());
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle each : all) {
            each.onExit().orTimeout(30, TimeUnit.SECONDS).join();
        }
        process = null;
    }

    /** Deletes all that it has; only while it is dead. */
    public void deleteData() {
        deleteTree(folder.resolve("data"));
    }

    /** Asks it directly. */
    public HttpResponse<String> request(String method, String path, @Nullable String json)
            throws IOException, InterruptedException {
        HttpRequest.BodyPublisher body =
                json == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(json);
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(url() + path))
                        .method(method, body)
                        .header("Content-Type", "application/json")
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private void configure() throws IOException {
        Files.createDirectories(folder.resolve("tmp"));
        Files.writeString(
                home.resolve("config/elasticsearch.yml"),
                """
                cluster.name: tailrace-test
                node.name: test
                discovery.type: single-node
                network.host: 127.0.0.1
                http.port: %d
                transport.port: %d
                path.data: %s
                path.logs: %s
                xpack.security.enabled: false
                cluster.routing.allocation.disk.threshold_enabled: false
                """
                        .formatted(port, transportPort, folder.resolve("data"), folder.resolve("logs")));
    }

    private Path unzip() throws IOException {
        try (InputStream in = Files.newInputStream(ARCHIVE);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path target = folder.resolve(entry.getName()).normalize();
                if (!target.startsWith(folder)) {
                    throw new IOException(ARCHIVE + " has an entry outside of itself: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                    continue;
                }
                Files.createDirectories(target.resolveSibling("."));
                Files.copy(zip, target);
                if (entry.getName().contains("/bin/")) {
                    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
                }
            }
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.findFirst().orElseThrow(() -> new IOException(ARCHIVE + " is empty"));
        }
    }

    private void end() {
        kill();
        deleteTree(folder);
    }

    private static void deleteTree(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static void run(String... command) throws IOException {
        try {
            int status = new ProcessBuilder(command).inheritIO().start().waitFor();
            if (status != 0) {
                throw new IOException(String.join(" ", command) + " ended with " + status);
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
