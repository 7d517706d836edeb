package io.tailrace.exporter.testing;

import io.tailrace.backends.RealBroker;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.MetricReadingCreated;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventRecords;
import io.tailrace.kit.kafka.KafkaSettings;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

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

    /** The n-th reading of some metric, to the microsecond. */
    public static ProducerRecord<byte[], byte[]> reading(String topic, int partition, long n) {
        MetricReadingCreated reading = new MetricReadingCreated(
                new UUID(7, n),
                new UUID(9, n % 17),
                1 + n * 0.25,
                Instant.parse("2026-03-04T05:06:07Z").plusNanos(n * 1_001_000));
        Event event = new Event(
                reading.id().toString(),
                EventTypes.METRIC_READING_CREATED,
                "/test",
                reading.timestamp(),
                null,
                Json.write(reading));
        return EventRecords.toRecord(topic, partition, reading.metricId().toString(), event);
    }
}
