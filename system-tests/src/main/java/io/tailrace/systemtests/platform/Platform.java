package io.tailrace.systemtests.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A running Tailrace with a data folder and ports of its own. Whoever starts it closes it. Not thread-safe.
 */
public final class Platform implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration READY_LIMIT = Duration.ofSeconds(90);

    private final Launcher launcher;
    private final int port;
    private final int grpcPort;
    private final List<ServiceProcess> services = new ArrayList<>();
    private final List<String> upArguments;
    private final Thread end = new Thread(this::closeAtExit, "platform-end");

    private Platform(Launcher launcher, int port, int grpcPort, List<String> upArguments) {
        this.launcher = launcher;
        this.port = port;
        this.grpcPort = grpcPort;
        this.upArguments = upArguments;
    }

    /**
     * Runs {@code ./tailrace up --detach} with a new data folder, see {@link DataFolders#create}.
     *
     * @param without names for {@code --without}; empty for everything
     */
    public static Platform up(String... without) throws IOException, InterruptedException {
        return up(new Launcher(DataFolders.create("data")), without);
    }

    /** The same with a launcher, whose data folder may have been used before. */
    public static Platform up(Launcher launcher, String... without) throws IOException, InterruptedException {
        int port = Ports.free();
        List<String> arguments = new ArrayList<>(List.of("up", "--detach", "--port", String.valueOf(port)));
        if (without.length > 0) {
            arguments.add("--without");
            arguments.add(String.join(",", without));
        }
        Platform platform = new Platform(launcher, port, Ports.free(), arguments);
        // Whatever ends this process, an interrupted build for example: what runs detached would go on for ever.
        Runtime.getRuntime().addShutdownHook(platform.end);
        try {
            platform.upAgain();
        } catch (IOException | InterruptedException | RuntimeException e) {
            platform.close();
            throw e;
        }
        return platform;
    }

    /** Starts it (again) with the same data. */
    public void upAgain() throws IOException, InterruptedException {
        launcher.with(Map.of("TAILRACE_GRPC_PORT", String.valueOf(grpcPort)))
                .mustRun(upArguments.toArray(String[]::new));
    }

    /** Stops everything; the data stays. */
    public void down() throws IOException, InterruptedException {
        stopServices();
        launcher.mustRun("down");
    }

    /** All at once: each drains, and may write an archive of its classes. */
    private void stopServices() throws InterruptedException {
        services.forEach(ServiceProcess::beginToStop);
        for (ServiceProcess service : services) {
            service.stop();
        }
    }

    /** The origin of what {@code up} serves. */
    public String origin() {
        return "http://127.0.0.1:" + port;
    }

    /** Where {@code up} serves gRPC, on the loopback interface. */
    public int grpcPort() {
        return grpcPort;
    }

    /** The command of this platform. */
    public Launcher launcher() {
        return launcher;
    }

    /** Starts one service alone, in a process of its own, and waits until it is ready. */
    public ServiceProcess run(String service) throws IOException, InterruptedException {
        ServiceProcess process = service(service);
        process.start(READY_LIMIT);
        return process;
    }

    /** Starts several at once, each in a process of its own, and waits until all are ready. */
    public List<ServiceProcess> runAll(String... names) throws IOException, InterruptedException {
        List<ServiceProcess> processes = new ArrayList<>();
        for (String name : names) {
            ServiceProcess process = service(name);
            process.begin();
            processes.add(process);
        }
        for (ServiceProcess process : processes) {
            process.awaitReady(READY_LIMIT);
        }
        return processes;
    }

    /** A service that can be started alone, in a process of its own. It is stopped with the platform. */
    public ServiceProcess service(String service) throws IOException {
        return service(service, Map.of());
    }

    /** The same with variables of its environment, beside those that {@code up} wrote. */
    public ServiceProcess service(String service, Map<String, String> environment) throws IOException {
        Launcher own = environment.isEmpty() ? launcher : new Launcher(launcher.data(), environment);
        ServiceProcess process = new ServiceProcess(own, service, Ports.free());
        services.add(process);
        return process;
    }

    /** A variable of the environment that {@code up} wrote, for example {@code TAILRACE_KAFKA_BOOTSTRAP}. */
    public String environment(String name) throws IOException {
        for (String line : Files.readAllLines(launcher.data().resolve("environment"))) {
            if (line.startsWith(name + "=")) {
                return line.substring(name.length() + 1);
            }
        }
        throw new IOException(name + " is not in the environment of " + launcher.data());
    }

    /** A token for {@code subject}. */
    public String token(String subject, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("token", "--sub", subject));
        command.addAll(List.of(arguments));
        return launcher.mustRun(command.toArray(String[]::new)).strip();
    }

    /** The process id of a part that {@code up} started. */
    public long pidOf(String part) throws IOException, InterruptedException {
        return part(part).path("pid").asLong();
    }

    /** How a part that {@code up} started is, {@code ready} for example. */
    public String stateOf(String part) throws IOException, InterruptedException {
        return part(part).path("state").asText();
    }

    /** What {@code ./tailrace status --json} says of a part. */
    private JsonNode part(String part) throws IOException, InterruptedException {
        JsonNode status = JSON.readTree(launcher.run("status", "--json").out());
        for (JsonNode entry : status.path("parts")) {
            if (entry.path("name").asText().equals(part)) {
                return entry;
            }
        }
        throw new IOException("no part " + part + " in " + status);
    }

    /** Ends a part that {@code up} started with SIGKILL; the supervisor is to bring it back. */
    public void kill9(String part) throws IOException, InterruptedException {
        ProcessHandle.of(pidOf(part))
                .orElseThrow(() -> new IOException(part + " has no process"))
                .destroyForcibly();
    }

    private void closeAtExit() {
        try {
            stopAll();
        } catch (IOException | InterruptedException e) {
            System.err.println("what ran in " + launcher.data() + " may still run: " + e);
        }
    }

    private synchronized void stopAll() throws IOException, InterruptedException {
        stopServices();
        launcher.run("down");
    }

    @Override
    public void close() throws IOException, InterruptedException {
        stopAll();
        try {
            Runtime.getRuntime().removeShutdownHook(end);
        } catch (IllegalStateException e) {
            // The process is ending: it finds nothing left to stop.
        }
    }
}
