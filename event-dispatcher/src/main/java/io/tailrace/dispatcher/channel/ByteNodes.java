package io.tailrace.dispatcher.channel;

import io.tailrace.dispatcher.poison.EventTimestamps;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;

/**
 * Sources and sinks of bytes. What a record says is read inside the topology, so that a record that cannot be read is a
 * branch like any other and not an exception.
 */
public final class ByteNodes {
    private ByteNodes() {}

    /** Adds a source that starts, where nothing has been committed yet, at the first fact. */
    public static void source(Topology topology, String name, String topic) {
        topology.addSource(
                AutoOffsetReset.earliest(),
                name,
                new EventTimestamps(),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                topic);
    }

    /** Adds a sink. Records go where Kafka's own partitioning of their key puts them, as every reader expects. */
    public static void sink(Topology topology, String name, String topic, String... parents) {
        topology.addSink(name, topic, new ByteArraySerializer(), new ByteArraySerializer(), parents);
    }
}
