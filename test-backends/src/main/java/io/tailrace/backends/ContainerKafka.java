package io.tailrace.backends;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.testcontainers.containers.Container;
import org.testcontainers.containers.Network;
import org.testcontainers.kafka.KafkaContainer;

/** Brokers in a container each; that of broker 0 is the controller, too. */
final class ContainerKafka implements KafkaCluster {
    private static final int CLIENT_PORT = 9092;
    private static final int CONTROLLER_PORT = 9094;

    /** TERM to the broker itself: the shell that is the container's first process would not hand it on. */
    private static final String[] END_IN_ORDER = {"sh", "-c", "kill -TERM $(pidof java)"};

    private final @Nullable Network network;
    private final List<Node> nodes = new ArrayList<>();
    private final List<String> addresses = new ArrayList<>();

    ContainerKafka(int brokers, Map<String, String> settings) {
        network = brokers > 1 ? Network.newNetwork() : null;
        for (int id = 0; id < brokers; id++) {
            Node node = new Node(id, network, settings);
            addresses.add(ContainerPort.give(node, CLIENT_PORT));
            nodes.add(node);
            node.start();
        }
        awaitBrokers(brokers);
    }

    @Override
    public String bootstrap() {
        return String.join(",", addresses);
    }

    @Override
    public void stop(int broker) {
        String id = Objects.requireNonNull(nodes.get(broker).getContainerId());
        try {
            Container.ExecResult unused = nodes.get(broker).execInContainer(END_IN_ORDER);
        } catch (Exception e) {
            // It may end while the command still runs; what counts is whether it does.
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
        }
        Probe.until("broker " + broker + " has ended", () -> !ContainerServer.isRunning(id));
    }

    @Override
    public void start(int broker) {
        ContainerServer.start(Objects.requireNonNull(nodes.get(broker).getContainerId()));
        long running = nodes.stream().filter(ContainerKafka::isRunning).count();
        awaitBrokers(running);
    }

    @Override
    public void close() {
        nodes.forEach(KafkaContainer::stop);
        if (network != null) {
            network.close();
        }
    }

    private void awaitBrokers(long count) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap()))) {
            Probe.until(count + " brokers at " + bootstrap(), () -> brokers(admin) == count);
        }
    }

    private static int brokers(Admin admin) throws ExecutionException, InterruptedException {
        return admin.describeCluster().nodes().get().size();
    }

    private static boolean isRunning(Node node) {
        return ContainerServer.isRunning(Objects.requireNonNull(node.getContainerId()));
    }

    /** Testcontainers' broker, which is always alone, as one of several. */
    private static final class Node extends KafkaContainer {
        private final int id;

        Node(int id, @Nullable Network network, Map<String, String> settings) {
            super(Images.KAFKA.chosen());
            this.id = id;
            if (network != null) {
                withNetwork(network);
                withNetworkAliases(alias(id));
            }
            withEnv("KAFKA_NODE_ID", String.valueOf(id));
            withEnv("KAFKA_HEAP_OPTS", "-Xms64m -Xmx512m");
            if (id > 0) {
                withEnv("KAFKA_PROCESS_ROLES", "broker");
                withEnv("KAFKA_LISTENERS", "PLAINTEXT://:" + CLIENT_PORT + ",BROKER://:9093");
            }
            withEnv(KafkaSettings.with(settings).entrySet().stream()
                    .collect(Collectors.toMap(setting -> variable(setting.getKey()), Map.Entry::getValue)));
        }

        @Override
        protected void configure() {
            super.configure();
            withEnv(
                    "KAFKA_CONTROLLER_QUORUM_VOTERS",
                    "0@" + (id == 0 ? "localhost" : alias(0)) + ":" + CONTROLLER_PORT);
        }

        /** Under this name the image takes a setting of {@code server.properties}. */
        private static String variable(String setting) {
            return "KAFKA_" + setting.toUpperCase(Locale.ROOT).replace('.', '_');
        }

        private static String alias(int id) {
            return "broker-" + id;
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }
}
