package io.tailrace.backends;

import java.util.Map;

/**
 * Gives tests real backends. Each call starts a server of its own, which answers when the call returns and ends with the JVM
 * at the latest. Thread-safe.
 */
public interface Backends {
    /** The system property that names the provider. */
    String PROPERTY = "backends";

    /** The provider unless the property names another. */
    String DEFAULT = "embedded";

    /**
     * The provider of this JVM: {@code embedded}, servers on this machine from Maven's archives, or {@code testcontainers},
     * servers in containers. Nothing of Docker is loaded unless the latter was asked for.
     *
     * @throws IllegalArgumentException if {@value #PROPERTY} names neither
     */
    static Backends chosen() {
        return named(System.getProperty(PROPERTY, DEFAULT));
    }

    /**
     * A provider by its name.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    static Backends named(String name) {
        return switch (name) {
            case DEFAULT -> new EmbeddedBackends();
            case "testcontainers" -> new ContainerBackends();
            default ->
                throw new IllegalArgumentException(
                        "-D" + PROPERTY + "=" + name + ": expected " + DEFAULT + " or testcontainers");
        };
    }

    /**
     * Brokers with the ids 0, 1 and so on, in one cluster with a controller. Topics are not made by themselves, and those of
     * Kafka itself have one partition and one copy.
     *
     * @param settings of the brokers, by the names of {@code server.properties}
     */
    KafkaCluster kafka(int brokers, Map<String, String> settings);

    /**
     * PostgreSQL, whose user {@code postgres} needs no password and may do everything. Stopping ends its connections; its
     * data stays.
     */
    Server postgres();

    /** Redis, which keeps at most 64 MiB and nothing beyond its end. Stopping kills it. */
    Server redis();

    /**
     * Elasticsearch without passwords and encryption. Stopping kills it; its data stays. The embedded one is unpacked from
     * {@code target/elasticsearch/elasticsearch.zip}, where Maven puts it for the module that needs it.
     */
    ErasableServer elasticsearch();
}
