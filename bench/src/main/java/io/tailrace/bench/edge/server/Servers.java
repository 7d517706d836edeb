package io.tailrace.bench.edge.server;

import io.tailrace.bench.edge.rival.PlainMain;
import io.tailrace.bench.edge.rival.SkeletonMain;
import io.tailrace.bench.stand.Stand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * Starts servers against one Kafka. Each kind reads topics of its own, which get the same records, so that those that
 * are not measured have nothing to do.
 */
public final class Servers {
    /** Tailrace's edge. */
    public static final String EDGE = "edge";

    /** The same with io_uring instead of epoll. */
    public static final String EDGE_IO_URING = "edge-io_uring";

    /** The limit. */
    public static final String SKELETON = "skeleton";

    /** What a team would write first. */
    public static final String PLAIN = "plain";

    /** Namespaces of the benchmark and their partitions. */
    private static final Map<String, Integer> NAMESPACES = Map.of("one", 1, "many", 4, "deep", 1, "slow", 1);

    private static final Map<String, String> PREFIXES = Map.of(
            EDGE,
            "tailrace.channels.",
            EDGE_IO_URING,
            "tailrace.channels.",
            SKELETON,
            "bench.skeleton.",
            PLAIN,
            "bench.plain.");
    private static final String HEAP = "512m";

    private final Stand stand;
    private final Path namespaces;
    private final int loops;
    private int started;

    /**
     * Makes the topics.
     *
     * @param loops event loops of the bare server
     */
    public Servers(Stand stand, int loops) throws IOException, InterruptedException {
        this.stand = stand;
        this.loops = loops;
        this.namespaces = stand.data().resolve("bench-namespaces.properties");
        Files.writeString(namespaces, declarations());
        List<NewTopic> topics = new ArrayList<>();
        Set.copyOf(PREFIXES.values())
                .forEach(prefix -> NAMESPACES.forEach(
                        (name, partitions) -> topics.add(new NewTopic(prefix + name, partitions, (short) 1))));
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            admin.createTopics(topics).all().get();
        } catch (ExecutionException e) {
            throw new IOException("the topics can't be made", e);
        }
    }

    private static String declarations() {
        StringBuilder text = new StringBuilder();
        int number = 100;
        for (String name : NAMESPACES.keySet().stream().sorted().toList()) {
            text.append(name).append(".number=").append(number++).append('\n');
            text.append(name)
                    .append(".partitions=")
                    .append(NAMESPACES.get(name))
                    .append('\n');
            Stream.of("retention=P1D", "subscribe=public", "publish=none", "start=live")
                    .forEach(line -> text.append(name).append('.').append(line).append('\n'));
        }
        return text.toString();
    }

    /** Kafka's address. */
    public String bootstrap() throws IOException {
        return stand.environment("TAILRACE_KAFKA_BOOTSTRAP");
    }

    /** The topic that edges read for a namespace. */
    public String edgeTopic(String namespace) {
        return prefix(EDGE) + namespace;
    }

    /** Bytes of a topic's log. */
    public long logBytes(String topic) throws IOException, InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            int broker = admin.describeCluster().nodes().get().iterator().next().id();
            return admin.describeLogDirs(List.of(broker)).allDescriptions().get().values().stream()
                    .flatMap(folders -> folders.values().stream())
                    .flatMap(folder -> folder.replicaInfos().entrySet().stream())
                    .filter(replica -> replica.getKey().topic().equals(topic))
                    .mapToLong(replica -> replica.getValue().size())
                    .sum();
        } catch (ExecutionException e) {
            throw new IOException("the size of " + topic + " is not known", e);
        }
    }

    /** One more server of a kind. */
    public Server start(String kind) throws IOException, InterruptedException {
        return switch (kind) {
            case EDGE -> edge();
            case EDGE_IO_URING -> edge(EDGE_IO_URING, Map.of("TAILRACE_HTTP_TRANSPORT", "io_uring"));
            case SKELETON -> rival(SKELETON, SkeletonMain.class, List.of(String.valueOf(loops)));
            case PLAIN -> rival(PLAIN, PlainMain.class, List.of());
            default ->
                throw new IllegalArgumentException("server " + kind + ": expected " + EDGE + ", " + EDGE_IO_URING + ", "
                        + SKELETON + " or " + PLAIN);
        };
    }

    /** One more edge. */
    public Server edge() throws IOException, InterruptedException {
        return edge(EDGE, Map.of());
    }

    private Server edge(String name, Map<String, String> environment) throws IOException, InterruptedException {
        int port = Server.freePort();
        ProcessBuilder builder = new ProcessBuilder(stand.command("run", "sse-edge", "--port", String.valueOf(port)));
        builder.directory(stand.root().toFile());
        builder.environment()
                .putAll(Map.of(
                        "TAILRACE_DATA",
                        stand.data().toString(),
                        "TAILRACE_NO_BUILD",
                        "yes",
                        "TAILRACE_HEAP",
                        HEAP,
                        "TAILRACE_NAMESPACES_FILE",
                        namespaces.toString(),
                        "TAILRACE_EDGE_MAX_CONNECTIONS",
                        "20000"));
        builder.environment().putAll(environment);
        return new Server(name, prefix(name), port, builder, output());
    }

    /** A JVM with the options of Tailrace's own. */
    private Server rival(String name, Class<?> main, List<String> arguments) throws IOException, InterruptedException {
        int port = Server.freePort();
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms16m",
                "-Xmx" + HEAP,
                "-XX:+UseG1GC",
                "-XX:MaxGCPauseMillis=20",
                "-XX:G1HeapRegionSize=4m",
                "-XX:+UseCompactObjectHeaders",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                String.valueOf(port)));
        command.addAll(arguments);
        NAMESPACES.keySet().forEach(namespace -> command.add(prefix(name) + namespace));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(stand.environment());
        return new Server(name, prefix(name), port, builder, output());
    }

    private static String prefix(String name) {
        return java.util.Objects.requireNonNull(PREFIXES.get(name));
    }

    private Path output() {
        return stand.data().resolve("bench-server-" + started++ + ".log");
    }
}
