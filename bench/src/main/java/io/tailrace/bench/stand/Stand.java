package io.tailrace.bench.stand;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/** A Tailrace of its own for one benchmark: started by the launcher, stopped by {@link #close()}, which deletes its data too. */
public final class Stand implements AutoCloseable {
    private final Path root;
    private final Path data;
    private final String origin;
    private final int grpcPort;
    private final boolean kept;
    private final AtomicBoolean closed = new AtomicBoolean();

    private Stand(Path root, Path data, String origin, int grpcPort, boolean kept) {
        this.root = root;
        this.data = data;
        this.origin = origin;
        this.grpcPort = grpcPort;
        this.kept = kept;
    }

    /** Starts everything but what {@code without} names. */
    public static Stand up(String without) throws IOException, InterruptedException {
        return up(without, Files.createTempDirectory("tailrace-bench"), false);
    }

    /** The same over a data folder that stays, so that a run goes on with what an earlier one has loaded. */
    public static Stand upOver(Path data, String without) throws IOException, InterruptedException {
        return up(without, Files.createDirectories(data.toAbsolutePath()), true);
    }

    private static Stand up(String without, Path data, boolean kept) throws IOException, InterruptedException {
        Path root = repositoryRoot();
        int port;
        int grpcPort;
        try (ServerSocket http = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket grpc = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = http.getLocalPort();
            grpcPort = grpc.getLocalPort();
        }
        Stand stand = new Stand(root, data, "http://127.0.0.1:" + port, grpcPort, kept);
        // Ctrl-C must not leave a whole Tailrace behind.
        Runtime.getRuntime().addShutdownHook(new Thread(stand::closeQuietly, "stand-end"));
        try {
            stand.launcher("up", "--detach", "--port", String.valueOf(port), "--without", without);
        } catch (IOException | InterruptedException e) {
            stand.close();
            throw e;
        }
        return stand;
    }

    /** Where it answers. */
    public String origin() {
        return origin;
    }

    /** Where it answers gRPC, for {@code ManagedChannelBuilder.forTarget}. */
    public String grpcTarget() {
        return "127.0.0.1:" + grpcPort;
    }

    /** The repository whose launcher has started it. */
    public Path root() {
        return root;
    }

    /** Its data folder, deleted at the end with all that is in it unless it was given. */
    public Path data() {
        return data;
    }

    /** A command of the launcher; {@code TAILRACE_DATA} is to be set to {@link #data()}. */
    public List<String> command(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(root.resolve("tailrace").toString());
        command.addAll(List.of(arguments));
        return command;
    }

    /** A token for {@code subject}. */
    public String token(String subject, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("token", "--sub", subject));
        command.addAll(List.of(arguments));
        return launcher(command.toArray(String[]::new)).strip();
    }

    /** Runs another command of the launcher; what it printed. */
    public String run(String... arguments) throws IOException, InterruptedException {
        return launcher(arguments);
    }

    /** A variable of the environment that {@code up} wrote, for example {@code TAILRACE_KAFKA_BOOTSTRAP}. */
    public String environment(String name) throws IOException {
        String value = environment().get(name);
        if (value == null) {
            throw new IOException(name + " is not in " + data.resolve("environment"));
        }
        return value;
    }

    /** All variables of the environment that {@code up} wrote. */
    public Map<String, String> environment() throws IOException {
        Map<String, String> values = new HashMap<>();
        for (String line : Files.readAllLines(data.resolve("environment"))) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                values.put(line.substring(0, equals), line.substring(equals + 1));
            }
        }
        return values;
    }

    /** The CPU time that a part's process has used since it was started. */
    public Duration cpu(String part) throws IOException {
        return ProcessHandle.of(pid(part))
                .flatMap(process -> process.info().totalCpuDuration())
                .orElseThrow(() -> new IOException(part + " has no process"));
    }

    /** The process of a part. */
    public long pid(String part) throws IOException {
        return part(part).path("pid").asLong();
    }

    /** Where a part with a port of its own answers over HTTP. */
    public String origin(String part) throws IOException {
        return "http://127.0.0.1:" + part(part).path("port").asInt();
    }

    private JsonNode part(String name) throws IOException {
        for (JsonNode one : state().path("parts")) {
            if (one.path("name").asText().equals(name)) {
                return one;
            }
        }
        throw new IOException(name + " is not in " + data);
    }

    /** The process that has started all others. */
    public long pid() throws IOException {
        return state().path("pid").asLong();
    }

    private JsonNode state() throws IOException {
        return new ObjectMapper()
                .readTree(data.resolve("run").resolve("state.json").toFile());
    }

    private String launcher(String... arguments) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command(arguments))
                .directory(root.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().put("TAILRACE_DATA", data.toString());
        builder.environment().put("TAILRACE_GRPC_PORT", String.valueOf(grpcPort));
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("./tailrace " + arguments[0] + " ended with " + process.exitValue() + "\n" + out);
        }
        return out;
    }

    private static Path repositoryRoot() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.isExecutable(folder.resolve("tailrace"))) {
            folder = folder.getParent();
            if (folder == null) {
                throw new IllegalStateException("./tailrace is in no folder above the working directory");
            }
        }
        return folder;
    }

    private void closeQuietly() {
        try {
            close();
        } catch (IOException | InterruptedException e) {
            System.err.println("what ran in " + data + " may still run: " + e.getMessage());
        }
    }

    /** Stops everything and deletes what is not to be kept, once. */
    @Override
    public void close() throws IOException, InterruptedException {
        if (closed.getAndSet(true)) {
            return;
        }
        launcher("down");
        if (kept) {
            return;
        }
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
