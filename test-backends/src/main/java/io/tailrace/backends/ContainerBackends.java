package io.tailrace.backends;

import java.time.Duration;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.elasticsearch.ElasticsearchContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** Servers in containers, by Testcontainers, which finds the engine and removes them when the JVM has ended. */
final class ContainerBackends implements Backends {
    private static final int POSTGRES_PORT = 5432;
    private static final int REDIS_PORT = 6379;
    private static final int ELASTICSEARCH_PORT = 9200;
    private static final Duration START_TIMEOUT = Duration.ofMinutes(3);

    @Override
    public KafkaCluster kafka(int brokers, Map<String, String> settings) {
        return new ContainerKafka(brokers, settings);
    }

    @Override
    public Server postgres() {
        PostgreSQLContainer container = new PostgreSQLContainer(Images.POSTGRES.chosen())
                .withUsername(Answers.SUPERUSER)
                .withDatabaseName("postgres")
                .withEnv("POSTGRES_HOST_AUTH_METHOD", "trust");
        container.setCommand("postgres", "-c", "fsync=off", "-c", "max_connections=200");
        return ContainerServer.started(container, POSTGRES_PORT, ContainerServer.End.IN_ORDER, Answers::postgres);
    }

    @Override
    public Server redis() {
        GenericContainer<?> container = new GenericContainer<>(Images.REDIS.chosen())
                // Its clients are outside of the container, and it would answer none from afar without a password.
                .withCommand("redis-server", "--save", "", "--maxmemory", "64mb", "--protected-mode", "no")
                .waitingFor(Wait.forLogMessage(".*Ready to accept connections.*\\n", 1));
        return ContainerServer.started(container, REDIS_PORT, ContainerServer.End.AT_ONCE, Answers::redis);
    }

    @Override
    public ErasableServer elasticsearch() {
        ElasticsearchContainer container = new ElasticsearchContainer(Images.ELASTICSEARCH.chosen())
                .withEnv("xpack.security.enabled", "false")
                .withEnv("cluster.routing.allocation.disk.threshold_enabled", "false")
                .withEnv("ES_JAVA_OPTS", "-Xms256m -Xmx512m -XX:TieredStopAtLevel=1")
                .withCertPath("")
                .waitingFor(Wait.forHttp("/_cluster/health")
                        .forPort(ELASTICSEARCH_PORT)
                        .withStartupTimeout(START_TIMEOUT));
        return ContainerServer.started(
                container, ELASTICSEARCH_PORT, ContainerServer.End.AT_ONCE, Answers::elasticsearch);
    }
}
