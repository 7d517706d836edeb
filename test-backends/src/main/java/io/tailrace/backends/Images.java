package io.tailrace.backends;

import java.util.Locale;
import org.testcontainers.utility.DockerImageName;

/**
 * The images of servers in containers: those of {@code deploy/compose*.yml} unless a system property {@code
 * backends.image.NAME} names another that is made like it.
 */
enum Images {
    /** Kafka, broker and controller. */
    KAFKA("apache/kafka:4.2.0", "apache/kafka"),
    /** PostgreSQL. */
    POSTGRES("postgres:17.6-alpine", "postgres"),
    /** Redis. */
    REDIS("redis:7.4.5-alpine", "redis"),
    /** Elasticsearch. */
    ELASTICSEARCH("elasticsearch:8.19.5", "docker.elastic.co/elasticsearch/elasticsearch");

    private final String pinned;
    private final String madeLike;

    Images(String pinned, String madeLike) {
        this.pinned = pinned;
        this.madeLike = madeLike;
    }

    /** The image unless a setting names another. */
    String pinned() {
        return pinned;
    }

    /** The setting's name. */
    String setting() {
        return "backends.image." + name().toLowerCase(Locale.ROOT);
    }

    /** The image to start. */
    DockerImageName chosen() {
        return DockerImageName.parse(System.getProperty(setting(), pinned)).asCompatibleSubstituteFor(madeLike);
    }
}
