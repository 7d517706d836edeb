package io.tailrace.standalone.backend;

import io.tailrace.standalone.data.DataFolder;
import io.tailrace.standalone.data.SmallFile;
import io.tailrace.standalone.process.Launch;
import io.tailrace.standalone.process.Probe;
import io.tailrace.standalone.process.Server;
import io.tailrace.standalone.process.Unit;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Elasticsearch, from the archive that its own integration tests use.
 *
 * <p>Its start script runs a JVM that works out options, asks another JVM for its defaults, and starts the server as a
 * third. Here the options are known, so the server is started at once, as that first JVM would ({@code
 * org.elasticsearch.server.cli.ServerProcess}): options as in {@code SystemJvmOptions} of this version, settings by its
 * standard input. It ends by itself when that input ends, that is, when this process dies.
 *
 * @param installation where its archive is
 * @param folder where its data goes
 * @param port for HTTP
 * @param transportPort for itself
 */
public record ElasticsearchServer(Installation installation, DataFolder folder, int port, int transportPort)
        implements Server {
    private static final Heap HEAP = Heap.fixed(96, 320);

    /** Everything that is optional: X-Pack costs a fifth of the start and of the memory, and nothing here uses it. */
    private static final List<String> LEFT_OUT = List.of("modules/x-pack-", "modules/apm/", "bin/", "config/");

    @Override
    public String name() {
        return "elasticsearch";
    }

    /** Where it answers. */
    public String url() {
        return "http://127.0.0.1:" + port;
    }

    @Override
    public Launch prepare(Unit.Progress progress) throws IOException {
        Path zip = installation.archive("elasticsearch-*.zip");
        String release = zip.getFileName().toString().replace(".zip", "");
        Path home = folder.backends().resolve(release);
        if (!Files.exists(home)) {
            progress.doing("unpacking");
            Archive.once(home, Archive.zip(zip, name -> LEFT_OUT.stream().noneMatch(name::startsWith)));
            Files.createDirectories(home.resolve("plugins"));
        }
        Path own = Files.createDirectories(folder.of(name()));
        for (String needed : List.of("data", "logs", "tmp", "config")) {
            Files.createDirectories(own.resolve(needed));
        }
        SmallFile.write(own.resolve("config/log4j2.properties"), LOGGING);
        Unprivileged.give(own);
        return new Launch(
                Unprivileged.command(own, command(home, own, release.replace("elasticsearch-", ""))),
                Map.of(
                        "LIBFFI_TMPDIR",
                        own.resolve("tmp").toString(),
                        "ES_TMPDIR",
                        own.resolve("tmp").toString()),
                own,
                new ElasticsearchInput(settings(home, own), own.resolve("config"), own.resolve("logs")).bytes(),
                "TERM");
    }

    private Map<String, String> settings(Path home, Path own) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("path.home", home.toString());
        settings.put("path.data", own.resolve("data").toString());
        settings.put("path.logs", own.resolve("logs").toString());
        settings.put("cluster.name", "tailrace");
        settings.put("node.name", "standalone");
        settings.put("discovery.type", "single-node");
        settings.put("network.host", "127.0.0.1");
        settings.put("http.port", String.valueOf(port));
        settings.put("transport.port", String.valueOf(transportPort));
        // It would refuse writes on a disk that is 95 % full, however large the disk.
        settings.put("cluster.routing.allocation.disk.threshold_enabled", "false");
        // What counts is what requests need. With the serial collector the heap is full of garbage before each full
        // collection, and requests would be refused for that.
        settings.put("indices.breaker.total.use_real_memory", "false");
        return settings;
    }

    private static List<String> command(Path home, Path own, String version) {
        List<String> command = new ArrayList<>(List.of(Installation.java().toString()));
        command.addAll(HEAP.options());
        command.addAll(JavaCommand.NEUTRAL_LOCALE);
        command.addAll(List.of(
                "-Xss1m",
                "-XX:+UseCompactObjectHeaders",
                // Half of the start is compiling. So C2, whose code takes a third less CPU for a search, compiles only
                // what is
                // ten times as hot as it usually waits for, and until then C1 counts as little as it can.
                "-XX:Tier3DelayOn=0",
                "-XX:Tier4InvocationThreshold=50000",
                "-XX:Tier4MinInvocationThreshold=6000",
                "-XX:Tier4CompileThreshold=150000",
                "-XX:Tier4BackEdgeThreshold=400000",
                "-XX:MaxDirectMemorySize=128m",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-OmitStackTraceInFastThrow"));
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("es.path.home", home.toString());
        properties.put("es.distribution.type", "zip");
        properties.put("es.java.type", "ES_JAVA_HOME");
        properties.put("es.networkaddress.cache.ttl", "60");
        properties.put("es.networkaddress.cache.negative.ttl", "10");
        properties.put("java.awt.headless", "true");
        properties.put("java.io.tmpdir", own.resolve("tmp").toString());
        properties.put("java.locale.providers", "CLDR");
        properties.put("jna.nosys", "true");
        properties.put("jdk.attach.allowAttachSelf", "true");
        properties.put("io.netty.noUnsafe", "true");
        properties.put("io.netty.noKeySetOptimization", "true");
        properties.put("io.netty.recycler.maxCapacityPerThread", "0");
        properties.put("log4j.shutdownHookEnabled", "false");
        properties.put("log4j2.disable.jmx", "true");
        properties.put("log4j2.formatMsgNoLookups", "true");
        properties.put("org.apache.lucene.store.MMapDirectory.sharedArenaMaxPermits", "1");
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        Path lib = home.resolve("lib");
        command.addAll(List.of(
                "--enable-native-access=org.elasticsearch.nativeaccess,org.apache.lucene.core",
                "--enable-native-access=ALL-UNNAMED",
                "--illegal-native-access=deny",
                "-XX:+EnableDynamicAgentLoading",
                "--patch-module=java.base="
                        + lib.resolve("entitlement-bridge/elasticsearch-entitlement-bridge-" + version + ".jar"),
                "--add-exports=java.base/org.elasticsearch.entitlement.bridge="
                        + "org.elasticsearch.entitlement,java.logging,java.net.http,java.naming,jdk.net,jdk.zipfs,"
                        + "jdk.management.agent",
                "--module-path",
                lib.toString(),
                "--add-modules=jdk.net,jdk.management.agent,ALL-MODULE-PATH",
                "-m",
                "org.elasticsearch.server/org.elasticsearch.bootstrap.Elasticsearch"));
        return command;
    }

    /** {@code GET /} is not served by this distribution. */
    @Override
    public Probe probe() {
        return new HttpProbe(URI.create(url() + "/_cluster/health?wait_for_status=yellow&timeout=1s"));
    }

    private static final String LOGGING =
            """
            status = error
            appender.console.type = Console
            appender.console.name = console
            appender.console.layout.type = PatternLayout
            appender.console.layout.pattern = %d{yyyy-MM-dd'T'HH:mm:ss.SSSX}{UTC} %-5p %c{1}: %m%n
            rootLogger.level = warn
            rootLogger.appenderRef.console.ref = console
            logger.node.name = org.elasticsearch.node
            logger.node.level = info
            """;
}
