package io.tailrace.backends;

import java.util.Map;
import java.util.Objects;
import kafka.server.BrokerServer;
import org.apache.kafka.common.test.KafkaClusterTestKit;
import org.apache.kafka.common.test.TestKitNodes;
import org.apache.kafka.common.utils.Exit;

/** Brokers and a controller apart from them, in this JVM. */
final class EmbeddedKafka implements KafkaCluster {
    private final KafkaClusterTestKit cluster;
    private final String bootstrap;

    EmbeddedKafka(int brokers, Map<String, String> settings) {
        // The kit deletes the brokers' files in a shutdown hook. A broker that still runs then halts the JVM with
        // status 1, and the build takes green tests for a crash.
        Exit.setHaltProcedure((status, message) -> {});
        try {
            KafkaClusterTestKit.Builder builder = new KafkaClusterTestKit.Builder(new TestKitNodes.Builder()
                    .setNumBrokerNodes(brokers)
                    .setNumControllerNodes(1)
                    .setCombined(false)
                    .build());
            KafkaSettings.with(settings).forEach(builder::setConfigProp);
            cluster = builder.build();
            cluster.format();
            cluster.startup();
            cluster.waitForReadyBrokers();
        } catch (Exception e) {
            throw new IllegalStateException("the test broker does not start", e);
        }
        bootstrap = cluster.bootstrapServers();
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
