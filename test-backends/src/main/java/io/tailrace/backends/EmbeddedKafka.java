package io.tailrace.backends;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import kafka.server.BrokerServer;
import org.apache.kafka.common.test.KafkaClusterTestKit;
import org.apache.kafka.common.test.TestKitNodes;
import org.apache.kafka.common.utils.Exit;

/** Brokers and a controller apart from them, in this JVM. */
final class EmbeddedKafka implements KafkaCluster {
    /** Not the kit's own name: for that one the kit has a socket at a port which is anybody's while the broker is stopped. */
    private static final String LISTENER = "RESERVED";

    private static final String LISTENERS = LISTENER + ":PLAINTEXT,EXTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT";

    /** The kit's own are ten minutes, as long as a test may take. */
    private static final Duration START_TIMEOUT = Duration.ofSeconds(120);

    private final KafkaClusterTestKit cluster;
    private final String bootstrap;

    EmbeddedKafka(int brokers, Map<String, String> settings) {
        // The kit deletes the brokers' files in a shutdown hook. A broker that still runs then halts the JVM with
        // status 1, and the build takes green tests for a crash.
        Exit.setHaltProcedure((status, message) -> {});
        List<String> addresses = IntStream.range(0, brokers)
                .mapToObj(broker -> "localhost:" + ReservedPort.take().number())
                .toList();
        try {
            KafkaClusterTestKit.Builder builder = new KafkaClusterTestKit.Builder(new TestKitNodes.Builder()
                    .setNumBrokerNodes(brokers)
                    .setNumControllerNodes(1)
                    .setCombined(false)
                    .setPerServerProperties(IntStream.range(0, brokers)
                            .boxed()
                            .collect(Collectors.toMap(Function.identity(), broker -> own(addresses.get(broker)))))
                    .build());
            KafkaSettings.with(settings).forEach(builder::setConfigProp);
            cluster = builder.build();
            cluster.format();
            cluster.startup();
            cluster.waitForReadyBrokers();
        } catch (Exception e) {
            throw new IllegalStateException("the test broker does not start", e);
        }
        bootstrap = String.join(",", addresses);
    }

    /** What a broker has that the others have not. */
    private static Map<String, String> own(String address) {
        return Map.of(
                "listeners",
                LISTENER + "://" + address,
                "listener.security.protocol.map",
                LISTENERS,
                "inter.broker.listener.name",
                LISTENER,
                "server.max.startup.time.ms",
                String.valueOf(START_TIMEOUT.toMillis()));
    }

    @Override
    public String bootstrap() {
        return bootstrap;
    }

    @Override
    public void stop(int broker) {
        server(broker).shutdown();
        server(broker).awaitShutdown();
    }

    @Override
    public void start(int broker) {
        server(broker).startup();
    }

    @Override
    public void close() {
        try {
            cluster.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private BrokerServer server(int broker) {
        return Objects.requireNonNull(cluster.brokers().get(broker), () -> "there is no broker " + broker);
    }
}
