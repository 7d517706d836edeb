package io.tailrace.ingest.testing;

import io.tailrace.backends.RealBroker;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.kafka.KafkaSettings;
import io.tailrace.kit.kafka.TopicProvisioner;

/** One real broker with all topics of the platform, shared by all tests of a JVM. Thread-safe. */
public final class TestBroker extends RealBroker {
    private static final class Shared {
        static final TestBroker BROKER = new TestBroker();
    }

    private final KafkaSettings settings = KafkaSettings.of(bootstrap());

    private TestBroker() {
        var unused = new TopicProvisioner(settings).provision(Topics.all(Namespaces.builtIn()));
    }

    /** The one broker of this JVM. */
    public static TestBroker shared() {
        return Shared.BROKER;
    }

    /** How to reach it. */
    public KafkaSettings settings() {
        return settings;
    }
}
