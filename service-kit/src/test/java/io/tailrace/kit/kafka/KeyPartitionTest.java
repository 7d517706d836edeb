package io.tailrace.kit.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.channel.KeyPartition;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;

/** The partition of the contract is the one that Kafka's own client chooses. */
class KeyPartitionTest {
    @Property(tries = 5_000)
    void isWhatTheKafkaClientChooses(
            @ForAll @Size(max = 70) byte[] key, @ForAll @IntRange(min = 1, max = 1024) int partitions) {
        int chosen = BuiltInPartitioner.partitionForKey(key, partitions);

        assertThat(KeyPartition.of(key, partitions)).isEqualTo(chosen);
    }
}
