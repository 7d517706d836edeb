package io.tailrace.standalone.backend;

import io.tailrace.standalone.data.DataFolder;
import io.tailrace.standalone.data.SmallFile;
import io.tailrace.standalone.process.Launch;
import io.tailrace.standalone.process.Probe;
import io.tailrace.standalone.process.Server;
import io.tailrace.standalone.process.Unit;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;

/**
 * One Kafka node that is broker and controller (KRaft), in a JVM of its own.
 *
 * @param installation where its class path is
 * @param folder where its data goes
 * @param port for clients
 * @param controllerPort for itself
 */
public record KafkaBroker(Installation installation, DataFolder folder, int port, int controllerPort)
        implements Server {
    private static final Heap HEAP = Heap.fixed(96, 320);

    /** In the broker's folder: settings of Kafka's beside ours, if the file is there. */
    private static final String OWN = "own.properties";

    private static final int TIMEOUT_MS = 5_000;

    @Override
    public String name() {
        return "kafka";
    }

    /** Where clients connect. */
    public String bootstrap() {
        return "127.0.0.1:" + port;
    }

    @Override
    public Launch prepare(Unit.Progress progress) throws IOException, InterruptedException {
        Path home = Files.createDirectories(folder.of(name()));
        Path log = home.resolve("log");
        Path properties = home.resolve("server.properties");
        // What a person has put there is the last word, as with a broker of their own.
        Path own = home.resolve(OWN);
        SmallFile.write(properties, properties(log) + (Files.exists(own) ? Files.readString(own) : ""));
        Path logging = home.resolve("logback.xml");
        SmallFile.write(logging, LOGGING);
        JavaCommand java = new JavaCommand(
                name(),
                folder.cds(),
                HEAP,
                List.of("-Dlogback.configurationFile=" + logging),
                installation.brokerClassPath());
        if (!Files.exists(log.resolve("meta.properties"))) {
            progress.doing("formatting the log");
            String id = Uuid.randomUuid().toString();
            Commands.run(
                    java.running(
                            "kafka.tools.StorageTool",
                            "format",
                            "--ignore-formatted",
                            "--cluster-id",
                            id,
                            "--config",
                            properties.toString()),
                    home);
        }
        return Launch.of(java.running("kafka.Kafka", properties.toString()), Map.of(), home);
    }

    /** What differs from Kafka's defaults, because one node is all there is and a person waits for it. */
    String properties(Path log) {
        return String.format(
                Locale.ROOT,
                """
                process.roles=broker,controller
                node.id=1
                controller.quorum.voters=1@127.0.0.1:%1$d
                controller.listener.names=CONTROLLER
                listeners=PLAINTEXT://127.0.0.1:%2$d,CONTROLLER://127.0.0.1:%1$d
                advertised.listeners=PLAINTEXT://127.0.0.1:%2$d
                inter.broker.listener.name=PLAINTEXT
                log.dirs=%3$s

                auto.create.topics.enable=false
                default.replication.factor=1
                min.insync.replicas=1
                offsets.topic.replication.factor=1
                offsets.topic.num.partitions=4
                transaction.state.log.replication.factor=1
                transaction.state.log.min.isr=1
                transaction.state.log.num.partitions=4
                share.coordinator.state.topic.replication.factor=1
                share.coordinator.state.topic.min.isr=1
                share.coordinator.state.topic.num.partitions=4
                group.initial.rebalance.delay.ms=0

                # Who comes back after a month goes on where he was: without its offsets the dispatcher refuses to start.
                offsets.retention.minutes=2147483647
                # Readers wait behind the open transaction of a process that was killed: end it as soon as it is due.
                transaction.abort.timed.out.transaction.cleanup.interval.ms=1000
                # The first record of a transaction often meets the markers of the last one, which take a millisecond or two.
                add.partitions.to.txn.retry.backoff.ms=1

                # The dispatcher commits many times a second. Small segments are compacted soon, so that a broker that comes back
                # has read the offsets and the transactions in a moment.
                offsets.topic.segment.bytes=1048576
                transaction.state.log.segment.bytes=1048576

                # A broker that was killed comes back under its old id: it must not wait long for its own ghost.
                broker.session.timeout.ms=3000
                broker.heartbeat.interval.ms=500

                num.network.threads=2
                num.io.threads=4
                background.threads=4
                log.cleaner.dedupe.buffer.size=16777216
                """,
                controllerPort,
                port,
                PropertyValue.escaped(log.toString()));
    }

    @Override
    public Probe probe() {
        return () -> {
            try (Socket socket = new Socket()) {
                // A client would retry and log for seconds while nobody listens.
                socket.connect(new InetSocketAddress("127.0.0.1", port), TIMEOUT_MS);
            }
            Map<String, Object> settings = Map.of(
                    "bootstrap.servers",
                    bootstrap(),
                    "client.id",
                    "probe",
                    "request.timeout.ms",
                    TIMEOUT_MS,
                    "default.api.timeout.ms",
                    TIMEOUT_MS);
            try (Admin admin = Admin.create(settings)) {
                return !admin.describeCluster()
                        .nodes()
                        .get(TIMEOUT_MS, TimeUnit.MILLISECONDS)
                        .isEmpty();
            }
        };
    }

    private static final String LOGGING =
            """
            <configuration>
              <appender name="console" class="ch.qos.logback.core.ConsoleAppender">
                <encoder>
                  <pattern>%d{yyyy-MM-dd'T'HH:mm:ss.SSSX, UTC} %-5level [%thread] %logger{0}: %msg%n%ex</pattern>
                </encoder>
              </appender>

              <logger name="kafka.server.KafkaRaftServer" level="INFO"/>
              <logger name="kafka.server.BrokerServer" level="INFO"/>
              <logger name="kafka.log" level="INFO"/>

              <root level="WARN">
                <appender-ref ref="console"/>
              </root>
            </configuration>
            """;
}
