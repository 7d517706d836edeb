package io.tailrace.exporter.testing;

import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.exporter.export.Column;
import io.tailrace.exporter.export.Source;
import io.tailrace.exporter.export.Sources;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The readings, in a topic of a test's own.
 *
 * @param topic the topic
 * @param partitions how many it has
 */
public record TestSource(String topic, int partitions) implements Source {
    private static final Source READINGS =
            new Sources(Namespaces.builtIn()).of("readings").orElseThrow();

    @Override
    public String name() {
        return READINGS.name();
    }

    @Override
    public List<Column> columns() {
        return READINGS.columns();
    }

    @Override
    public Optional<@Nullable Object[]> row(ConsumerRecord<byte[], byte[]> record) {
        return READINGS.row(record);
    }
}
