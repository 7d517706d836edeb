package io.tailrace.search.drive;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GroupReaderTest {
    private static final TopicPartition PARTITION = new TopicPartition("users", 0);

    private final Group group = new Group();
    private final GroupReader reader = new GroupReader(group);

    GroupReaderTest() {
        group.subscribe(List.of("users"), new Members(group, reader::assigned, partition -> {}));
        group.updateBeginningOffsets(Map.of(PARTITION, 0L));
    }

    @AfterEach
    void close() {
        group.close();
    }

    @Test
    void committedOffsetsThatTheBrokersHaveLostDoNotTakeItBack() {
        readFourRecords();
        group.offsets = Map.of(PARTITION, new OffsetAndMetadata(1, Optional.of(1), ""));

        joinAgain();

        assertThat(group.position(PARTITION)).isEqualTo(4);
        assertThat(group.sought).extracting(OffsetAndMetadata::leaderEpoch).isEqualTo(Optional.of(5));
    }

    @Test
    void aGroupThatHasLostAllItsOffsetsDoesNotTakeItBackEither() {
        readFourRecords();
        group.offsets = Map.of();

        joinAgain();

        assertThat(group.position(PARTITION)).isEqualTo(4);
    }

    @Test
    void brokersThatDoNotSayWhatIsCommittedDoNotTakeItBack() {
        readFourRecords();
        group.isAway = true;

        joinAgain();

        assertThat(group.position(PARTITION)).isEqualTo(4);
    }

    @Test
    void itGoesOnWhereAnotherMemberHasStopped() {
        readFourRecords();
        group.offsets = Map.of(PARTITION, new OffsetAndMetadata(9, Optional.of(5), ""));
        group.sought = null;

        joinAgain();

        assertThat(group.sought).isNull();
    }

    private void readFourRecords() {
        group.rebalance(List.of(PARTITION));
        group.seek(PARTITION, 3);
        group.addRecord(new ConsumerRecord<>(
                "users",
                0,
                3,
                0L,
                TimestampType.CREATE_TIME,
                0,
                0,
                new byte[0],
                new byte[0],
                new RecordHeaders(),
                Optional.of(5)));
        reader.done(reader.poll(Duration.ZERO));
    }

    private void joinAgain() {
        group.rebalance(List.of());
        group.rebalance(List.of(PARTITION));
    }

    /** A consumer whose group says what the test wants it to. */
    private static final class Group extends MockConsumer<byte[], byte[]> {
        private Map<TopicPartition, OffsetAndMetadata> offsets = Map.of();
        private boolean isAway;
        private @Nullable OffsetAndMetadata sought;

        Group() {
            super("none");
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
            if (isAway) {
                throw new TimeoutException("The brokers do not answer.");
            }
            return offsets;
        }

        @Override
        public synchronized void seek(TopicPartition partition, OffsetAndMetadata position) {
            sought = position;
            super.seek(partition, position);
        }
    }
}
