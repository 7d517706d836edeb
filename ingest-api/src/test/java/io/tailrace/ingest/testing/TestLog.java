package io.tailrace.ingest.testing;

import io.tailrace.contracts.event.Event;
import io.tailrace.kit.kafka.EventReading;
import io.tailrace.kit.kafka.EventRecords;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** What is in the log. */
public final class TestLog {
    private TestLog() {}

    /**
     * An event and where it is.
     *
     * @param partition its partition
     * @param key its key
     * @param event the event
     * @param data the event's data, as text
     */
    public record Logged(int partition, String key, Event event, String data) {}

    /** The events of a topic whose key contains a text, in the order of each partition. */
    public static List<Logged> events(String topic, String inKey) {
        return TestBroker.shared().records(topic).stream()
                .filter(record -> key(record).contains(inKey))
                .map(TestLog::logged)
                .toList();
    }

    private static String key(ConsumerRecord<byte[], byte[]> record) {
        return new String(record.key(), StandardCharsets.UTF_8);
    }

    private static Logged logged(ConsumerRecord<byte[], byte[]> record) {
        if (EventRecords.read(record) instanceof EventReading.Readable(Event event)) {
            return new Logged(record.partition(), key(record), event, new String(event.data(), StandardCharsets.UTF_8));
        }
        throw new IllegalStateException("not an event at " + record.topic() + "-" + record.partition());
    }
}
