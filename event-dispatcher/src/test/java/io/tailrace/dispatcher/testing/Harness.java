package io.tailrace.dispatcher.testing;

import io.tailrace.dispatcher.poison.DeadLetterForm;
import io.tailrace.dispatcher.poison.Poison;
import io.tailrace.dispatcher.poison.PoisonListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;

/** Drives a topology, with the exception handlers and stores that production has. */
public final class Harness implements AutoCloseable {
    /** The form of dead letters in tests. */
    public static final DeadLetterForm FORM =
            new DeadLetterForm("dead-letters-topic", "event-dispatcher/test", 100_000);

    private final Path state = Scratch.folder("topology-");
    private final TopologyTestDriver driver;
    private final TestOutputTopic<byte[], byte[]> deadLetters;
    private final List<Poison> heard = new ArrayList<>();

    /** A topology with the configuration that production makes. */
    public Harness(Topology topology, Map<String, Object> productionConfig) {
        Properties config = new Properties();
        config.putAll(productionConfig);
        config.put(PoisonListener.CONFIG, (PoisonListener) (topic, poison) -> heard.add(poison));
        config.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        driver = new TopologyTestDriver(topology, config, Facts.NOW);
        deadLetters = output(FORM.topic());
    }

    /** A topic that the topology reads. */
    public TestInputTopic<byte[], byte[]> input(String topic) {
        return driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** A topic that the topology writes. */
    public TestOutputTopic<byte[], byte[]> output(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** The driver itself. */
    public TopologyTestDriver driver() {
        return driver;
    }

    /** The dead letters since the last look. */
    public List<TestRecord<byte[], byte[]>> deadLetters() {
        return deadLetters.readRecordsToList();
    }

    /** What the listener heard. */
    public List<Poison> heard() {
        return heard;
    }

    @Override
    public void close() {
        driver.close();
        Scratch.delete(state);
    }
}
