package io.tailrace.edge.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.edge.testing.TestBroker;
import io.tailrace.edge.window.PartitionFacts;
import io.tailrace.edge.window.PartitionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.internals.KafkaFutureImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@link TopicWatch}, with a real broker. An answer that is never counted would make it wait for ever. */
@Timeout(300)
@Tag("server")
class TopicWatchTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final Namespace NAMESPACE =
            Namespaces.builtIn().all().iterator().next();

    /**
     * A client of the real broker, some of whose questions run out of time. They are not sent: one that is given no time is
     * still answered if that is within the same millisecond.
     */
    private static final class LateAdmin extends ForwardingAdmin {
        private boolean topicsAreLate;
        private boolean offsetsAreLate;

        LateAdmin(String bootstrap) {
            super(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrap));
        }

        @Override
        public DescribeTopicsResult describeTopics(TopicCollection topics, DescribeTopicsOptions options) {
            return topicsAreLate
                    ? new LateTopics((TopicCollection.TopicNameCollection) topics)
                    : super.describeTopics(topics, options);
        }

        @Override
        public ListOffsetsResult listOffsets(Map<TopicPartition, OffsetSpec> partitions, ListOffsetsOptions options) {
            return offsetsAreLate
                    ? new ListOffsetsResult(
                            partitions.keySet().stream().collect(Collectors.toMap(partition -> partition, _ -> late())))
                    : super.listOffsets(partitions, options);
        }

        private static <T> KafkaFuture<T> late() {
            KafkaFutureImpl<T> late = new KafkaFutureImpl<>();
            late.completeExceptionally(new TimeoutException("too late"));
            return late;
        }

        private static final class LateTopics extends DescribeTopicsResult {
            LateTopics(TopicCollection.TopicNameCollection topics) {
                super(null, topics.topicNames().stream().collect(Collectors.toMap(name -> name, _ -> late())));
            }
        }
    }

    private final RecordFrames frames = new RecordFrames(Namespaces.builtIn());
    private final BlockingQueue<Runnable> commands = new LinkedBlockingQueue<>();
    private LateAdmin admin;
    private KafkaLogFacts facts;
    private Map<PartitionId, TailedPartition> partitions;
    private TopicWatch watch;

    @BeforeEach
    void tailAllPartitionsOfATopic() {
        admin = new LateAdmin(TestBroker.shared().bootstrap());
        facts = new KafkaLogFacts(admin, frames, TIMEOUT);
        partitions = IntStream.range(0, NAMESPACE.partitions())
                .mapToObj(number -> new PartitionId(NAMESPACE.number(), number))
                .collect(Collectors.toMap(id -> id, this::tailed));
        watch = new TopicWatch(facts, partitions, commands::add);
    }

    @AfterEach
    void close() {
        facts.close();
    }

    @Test
    void aPartitionWhoseLeaderAnswersIsNotCalledUnavailableBecauseTheTopicWasNotSeen() throws InterruptedException {
        // given
        admin.topicsAreLate = true;

        // when
        look();

        // then
        assertThat(unavailable()).containsOnly(false);
    }

    @Test
    void aPartitionOfWhichNothingIsHeardIsUnavailableUntilItsLeaderAnswers() throws InterruptedException {
        // given
        admin.topicsAreLate = true;
        admin.offsetsAreLate = true;

        // when
        look();

        // then
        assertThat(unavailable()).containsOnly(true);

        // when
        admin.offsetsAreLate = false;
        look();

        // then
        assertThat(unavailable()).containsOnly(false);
    }

    @Test
    void aTopicWithOtherPartitionsThanDeclaredIsUnavailableThoughItsLeadersAnswer(@TempDir Path directory)
            throws IOException, InterruptedException {
        // given
        Path declared = directory.resolve("namespaces.properties");
        Files.writeString(
                declared,
                String.format(
                        Locale.ROOT,
                        """
                %1$s.number=%2$d
                %1$s.partitions=%3$d
                %1$s.retention=P7D
                %1$s.subscribe=public
                %1$s.publish=none
                %1$s.start=live
                """,
                        NAMESPACE.name(),
                        NAMESPACE.number(),
                        NAMESPACE.partitions() + 1));
        watch = new TopicWatch(
                new KafkaLogFacts(admin, new RecordFrames(Namespaces.load(declared)), TIMEOUT),
                partitions,
                commands::add);

        // when
        look();

        // then
        assertThat(unavailable()).containsOnly(true);
    }

    private void look() throws InterruptedException {
        assertThat(watch.isDue(System.currentTimeMillis(), 0)).isTrue();
        watch.check(lost -> {
            throw new AssertionError(lost + " was lost");
        });
        while (!watch.isDue(System.currentTimeMillis(), 0)) {
            commands.take().run();
        }
    }

    private Collection<Boolean> unavailable() {
        return partitions.values().stream().map(TailedPartition::isUnavailable).toList();
    }

    private TailedPartition tailed(PartitionId id) {
        TailedPartition partition = new TailedPartition(id, frames.topicPartition(id), 1);
        PartitionFacts now = facts.facts(id).toCompletableFuture().join();
        partition.resolved(new LogComparison.Found(now, now.headEpoch(), LogComparison.NOWHERE), 0);
        return partition;
    }
}
