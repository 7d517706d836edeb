package io.tailrace.edge.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.EdgeSettings;
import io.tailrace.edge.history.PageRequest.Direction;
import io.tailrace.edge.log.EpochEnds.EpochEnd;
import io.tailrace.edge.log.LogComparison;
import io.tailrace.edge.log.LogFacts;
import io.tailrace.edge.log.RecordFrames;
import io.tailrace.edge.stream.Start;
import io.tailrace.edge.window.PartitionFacts;
import io.tailrace.edge.window.PartitionId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.NotLeaderOrFollowerException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

/** Pages that are read while leaders change. */
class PageReaderTest {
    private static final Channel CHANNEL = new Channel("search:posts");
    private static final PartitionId P = new PartitionId(9, 0);
    private static final TopicPartition PARTITION = new TopicPartition("tailrace.channels.search", 0);
    private static final Generation G = new Generation(7);
    private static final int RECORDS = 4;

    /** Of the records that the consumer is given. */
    private int recordEpoch = 3;

    private int leaderEpoch = 3;
    private int leaderAfterFirstRead = 3;
    private long epochEnd = RECORDS;
    private int reads;

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none") {
        @Override
        public synchronized void seek(TopicPartition partition, long offset) {
            super.seek(partition, offset);
            reads++;
            schedulePollTask(() -> {
                for (long at = offset; at < RECORDS; at++) {
                    addRecord(record(at));
                }
                leaderEpoch = leaderAfterFirstRead;
            });
        }
    };

    private final LogFacts facts = new LogFacts() {
        @Override
        public CompletionStage<TopicState> topic(int namespace) {
            return CompletableFuture.completedFuture(new TopicState(G, Set.of()));
        }

        @Override
        public CompletionStage<PartitionFacts> facts(PartitionId partition) {
            return CompletableFuture.completedFuture(new PartitionFacts(P, G, 0, RECORDS, leaderEpoch, 0));
        }

        @Override
        public CompletionStage<Long> start(PartitionId partition) {
            return CompletableFuture.completedFuture(0L);
        }

        @Override
        public CompletionStage<Map<PartitionId, Long>> starts(Collection<PartitionId> partitions) {
            return CompletableFuture.completedFuture(Map.of(P, 0L));
        }

        @Override
        public CompletionStage<Map<PartitionId, Integer>> leaderEpochs(Collection<PartitionId> partitions) {
            return CompletableFuture.completedFuture(Map.of(P, leaderEpoch));
        }
    };

    private final PageReader reader = new PageReader(
            new LogComparison(
                    facts,
                    (partition, epoch, asOf) -> CompletableFuture.completedFuture(new EpochEnd(epoch, epochEnd))),
            new RecordFrames(Namespaces.builtIn()),
            new ChannelScan(consumer, Duration.ofSeconds(10)),
            new EdgeSettings.History(1, 1, 1 << 20, Duration.ofSeconds(10), 1 << 20, Duration.ofSeconds(10)));

    @Test
    void aPageThatOneLeaderVouchesForIsReadOnce() throws Exception {
        Page page = reader.read(request(Direction.BACKWARDS));

        assertThat(page.events().getFirst().size()).isEqualTo(RECORDS);
        assertThat(page.position()).isEqualTo(new PagePosition(RECORDS, 3));
        assertThat(page.next()).isNull();
        assertThat(reads).isEqualTo(1);
    }

    @Test
    void aPageIsReadAgainIfAnotherLeaderCameMeanwhile() throws Exception {
        leaderAfterFirstRead = 4;

        Page page = reader.read(request(Direction.FORWARDS));

        assertThat(page.events().getFirst().size()).isEqualTo(RECORDS);
        assertThat(reads).isEqualTo(2);
    }

    @Test
    void recordsThatTheLeaderDoesNotHaveAreNoPage() {
        leaderEpoch = 5;
        leaderAfterFirstRead = 5;
        epochEnd = RECORDS - 1;

        assertThatThrownBy(() -> reader.read(request(Direction.FORWARDS)))
                .isInstanceOf(NotLeaderOrFollowerException.class);
        assertThatThrownBy(() -> reader.read(request(Direction.BACKWARDS)))
                .isInstanceOf(NotLeaderOrFollowerException.class);
    }

    @Test
    void recordsOfALaterEpochThanTheLeadersAreNoPage() {
        recordEpoch = 4;

        assertThatThrownBy(() -> reader.read(request(Direction.FORWARDS)))
                .isInstanceOf(NotLeaderOrFollowerException.class);
    }

    private static PageRequest request(Direction direction) {
        Start start = direction == Direction.FORWARDS ? new Start.Earliest() : new Start.Live();
        return new PageRequest(CHANNEL, P, direction, start, 10);
    }

    private ConsumerRecord<byte[], byte[]> record(long offset) {
        byte[] key = CHANNEL.name().getBytes(StandardCharsets.UTF_8);
        byte[] value = "{}".getBytes(StandardCharsets.UTF_8);
        return new ConsumerRecord<>(
                PARTITION.topic(),
                PARTITION.partition(),
                offset,
                0,
                TimestampType.CREATE_TIME,
                key.length,
                value.length,
                key,
                value,
                new RecordHeaders(),
                Optional.of(recordEpoch));
    }
}
