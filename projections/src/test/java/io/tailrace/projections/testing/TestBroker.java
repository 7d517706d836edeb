package io.tailrace.projections.testing;

import io.tailrace.backends.RealBroker;
import io.tailrace.contracts.event.Event;
import io.tailrace.kit.kafka.EventRecords;
import io.tailrace.kit.kafka.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.producer.RecordMetadata;

/** One real broker, shared by all tests of a JVM, with events. Thread-safe. */
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

    /** An event with a new id. */
    public static Event event(String type, String json) {
        return new Event(
                UUID.randomUUID().toString(),
                type,
                "/test",
                Instant.parse("2026-02-03T04:05:06.789Z"),
                null,
                json.getBytes(StandardCharsets.UTF_8));
    }

    /** Publishes an event and waits for the broker's answer. */
    public RecordMetadata publish(String topic, String key, String type, String json) {
        return send(EventRecords.toRecord(topic, null, key, event(type, json)));
    }
}
