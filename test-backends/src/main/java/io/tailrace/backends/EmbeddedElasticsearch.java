package io.tailrace.backends;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Elasticsearch as a child of this JVM. It refuses to run as root; then it runs as nobody. */
final class EmbeddedElasticsearch implements ErasableServer {
    private static final Path ARCHIVE = Path.of("target", "elasticsearch", "elasticsearch.zip");
    private static final String NOBODY = "65534";
    private static final int SHOWN_CHARACTERS = 4000;

    private final Path folder;
    private final Path home;
    private final int port = ReservedPort.take().number();
    private final int transportPort = ReservedPort.take().number();
    private @Nullable Process process;

    EmbeddedElasticsearch() {
        try {
            folder = Files.createTempDirectory("tailrace-test-elasticsearch");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            home = Folder.unzip(ARCHIVE, folder);
            configure();
            if (isRoot()) {
                run("chown", "-R", NOBODY + ":" + NOBODY, folder.toString());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        start();
    }

    @Override
    public String address() {
        return "127.0.0.1:" + port;
    }

    @Override
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
            Probe.until("Elasticsearch answers", () -> Answers.elasticsearch(address()));
        } catch (IllegalStateException e) {
            throw new IllegalStateException(console(), e);
        }
    }

    @Override
    public synchronized void stop() {
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

    @Override
    public void erase() {
        Folder.delete(folder.resolve("data"));
    }

    @Override
    public void close() {
        stop();
        Folder.delete(folder);
    }

    private String console() {
        try {
            String all = Files.readString(folder.resolve("console.log"));
            return all.substring(Math.max(0, all.length() - SHOWN_CHARACTERS));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void configure() throws IOException {
        Files.createDirectories(folder.resolve("tmp"));
        Files.writeString(
                home.resolve("config/elasticsearch.yml"),
                String.format(
                        Locale.ROOT,
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
                """,
                        port,
                        transportPort,
                        folder.resolve("data"),
                        folder.resolve("logs")));
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
