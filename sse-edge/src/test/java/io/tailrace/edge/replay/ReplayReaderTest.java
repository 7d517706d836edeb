package io.tailrace.edge.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.backends.FaultyConsumers;
import io.tailrace.backends.FaultyConsumers.Fault;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.log.LoopInbox;
import io.tailrace.edge.log.RecordFrames;
import io.tailrace.edge.replay.plan.ChunkCache;
import io.tailrace.edge.replay.plan.ReplaySettings;
import io.tailrace.edge.stream.StreamLoop;
import io.tailrace.edge.testing.Numbered;
import io.tailrace.edge.testing.TestBroker;
import io.tailrace.edge.window.PartitionId;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.Condition;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of the {@link ReplayReader} when its consumers fail, with a real broker. */
@Timeout(300)
@Tag("server")
class ReplayReaderTest {
    private static final Generation GENERATION = new Generation(7);

    private final FaultyConsumers consumers = new FaultyConsumers(TestBroker.shared()::consumer);
    private final ReplayReader reader = new ReplayReader(
            new ReplaySettings(2, 1 << 20, 1L << 30, 1L << 30),
            new ChunkCache(0, 1),
            () -> new ReplayRangeReader(consumers.get(), new RecordFrames(Namespaces.builtIn()), Duration.ofSeconds(5)),
            () -> new Backoff(Duration.ofMillis(5), Duration.ofMillis(20), new Random(1)),
            namespace -> null,
            partition -> 0);
    private final Answers inbox = new Answers();
    private final String channel = Numbered.channel("news");
    private final PartitionId partition = partitionOf(channel);
    private long offset;

    private static final class Answers implements LoopInbox {
        private final AtomicInteger count = new AtomicInteger();

        @Override
        public void post(Consumer<StreamLoop> input, long bytes) {
            count.incrementAndGet();
        }

        @Override
        public long backlogBytes() {
            return 0;
        }
    }

    @AfterEach
    void close() {
        reader.close();
    }

    @Test
    void readsWhenConsumersCanBeMadeAtLast() {
        consumers.fail(Fault.CONSTRUCTION);
        reader.start();
        request();
        Eventually.holds("health shows it", () -> reader.loops().stream()
                .allMatch(loop -> loop.condition() instanceof Condition.Retrying));
        assertThat(inbox.count).hasValue(0);

        consumers.fail(Fault.NONE);

        Eventually.holds("it was read", () -> reader.stats().readsTotal() == 1);
        assertThat(inbox.count).hasValue(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"POLL", "POLL_BY_ERROR"})
    void aReadThatFailsIsAnsweredAndTheNextOneSucceeds(Fault fault) {
        reader.start();
        request();
        Eventually.holds("it was read", () -> reader.stats().readsTotal() == 1);
        consumers.failToClose();

        consumers.fail(fault);
        request();
        Eventually.holds("the failure was told", () -> inbox.count.get() == 2);
        Eventually.holds("health shows it", () -> reader.loops().stream()
                .anyMatch(loop -> loop.condition() instanceof Condition.Retrying));
        consumers.fail(Fault.NONE);
        request();

        Eventually.holds("it was read again", () -> reader.stats().readsTotal() == 2);
        assertThat(reader.stats().failedTotal()).isOne();
        assertThat(reader.stats().inFlight()).isZero();
    }

    private void request() {
        if (inbox.count.get() == 0) {
            offset = TestBroker.shared().publish(channel, "note", "{}").offset();
        }
        reader.request(0, inbox, partition, GENERATION, offset);
    }

    private static PartitionId partitionOf(String channel) {
        Namespace namespace = Namespaces.builtIn().of(new Channel(channel)).orElseThrow();
        return new PartitionId(namespace.number(), new Channel(channel).partition(namespace.partitions()));
    }
}
