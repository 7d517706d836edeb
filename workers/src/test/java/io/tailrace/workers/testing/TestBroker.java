package io.tailrace.workers.testing;

import io.tailrace.backends.RealBroker;
import io.tailrace.kit.kafka.KafkaSettings;

/** One real broker, shared by all tests of a JVM. Thread-safe. */
public final class TestBroker extends RealBroker {
    private static class Shared {
        static final TestBroker BROKER = new TestBroker();
    }

    private final KafkaSettings settings = KafkaSettings.of(bootstrap());

    private TestBroker() {}

    /** The one broker of this JVM. */
    public static TestBroker shared() {
        return Shared.BROKER;
    }

    /** How to reach it. */
    public KafkaSettings settings() {
        return settings;
    }
}
