package io.tailrace.edge.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.backends.FaultyConsumers;
import io.tailrace.backends.FaultyConsumers.Fault;
import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.edge.EdgeSettings;
import io.tailrace.edge.stream.StreamLoop;
import io.tailrace.edge.testing.Numbered;
import io.tailrace.edge.testing.TestBroker;
import io.tailrace.edge.window.PartitionId;
import io.tailrace.kit.consume.Condition;
import io.tailrace.kit.kafka.ClientOnDemand;
import io.tailrace.kit.kafka.KafkaSettings;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of the {@link Tailer} when its consumer fails, with a real broker. */
@Timeout(300)
@Tag("server")
class TailerTest {
    private static final EdgeSettings.Tail SETTINGS = new EdgeSettings.Tail(
            1 << 20,
            Duration.ofMillis(10),
            1 << 20,
            Duration.ofSeconds(60),
            1 << 20,
            Duration.ofMillis(100),
            Duration.ofSeconds(5),
            Duration.ofMillis(5),
            Duration.ofMillis(20),
            1);

    private final FaultyConsumers consumers = new FaultyConsumers(TestBroker.shared()::consumer);
    private final RecordFrames frames = new RecordFrames(Namespaces.builtIn());
    private final KafkaLogFacts facts = new KafkaLogFacts(
            Admin.create(
                    java.util.Map.of("bootstrap.servers", TestBroker.shared().bootstrap())),
            frames,
            Duration.ofSeconds(5));
    private final KafkaEpochEnds ends = new KafkaEpochEnds(
            () -> new KafkaConsumer<>(
                    KafkaSettings.of(TestBroker.shared().bootstrap()).consumer("epochs")),
            facts,
            frames,
            SETTINGS);
    private final Tailer tailer = new Tailer(
            new ClientOnDemand<>(org.apache.kafka.clients.consumer.Consumer.class, consumers),
            facts,
            ends,
            frames,
            SETTINGS,
            null);
    private final Batches inbox = new Batches();
    private final String channel = Numbered.channel("news");
    private final PartitionId partition = partitionOf(channel);

    /** Counts what comes with bytes, which batches alone do. */
    private static final class Batches implements LoopInbox {
        private final AtomicInteger count = new AtomicInteger();

        @Override
        public void post(Consumer<StreamLoop> input, long bytes) {
            count.addAndGet(bytes > 0 ? 1 : 0);
        }

        @Override
        public long backlogBytes() {
            return 0;
        }
    }

    @AfterEach
    void close() {
        tailer.close();
        ends.close();
        facts.close();
    }

    @Test
    void readsWhenAConsumerCanBeMadeAtLast() {
        consumers.fail(Fault.CONSTRUCTION);
        ends.start();
        tailer.start();
        tailer.subscribe(inbox, partition);
        awaitRetrying();
        Eventually.holds(
                "the partition is told as unavailable", () -> tailer.stats().unavailable() == 1);

        consumers.fail(Fault.NONE);

        awaitReading();
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.class,
            names = {"POLL", "POLL_BY_ERROR"})
    void readsOnWhenPollsSucceedAgain(Fault fault) {
        ends.start();
        tailer.start();
        tailer.subscribe(inbox, partition);
        awaitReading();
        consumers.failToClose();

        consumers.fail(fault);
        awaitRetrying();
        consumers.fail(Fault.CONSTRUCTION);
        consumers.fail(Fault.NONE);

        awaitReading();
        assertThat(tailer.loop().failures()).isPositive();
    }

    private void awaitRetrying() {
        Eventually.holds("health shows it", () -> tailer.loop().condition() instanceof Condition.Retrying);
    }

    /** Events are published until one comes, because those before the position was known do not. */
    private void awaitReading() {
        int before = inbox.count.get();
        Eventually.holds("a batch comes", () -> {
            Numbered.publish(channel, 0, 1);
            return inbox.count.get() > before;
        });
        Eventually.holds("it is well again", () -> tailer.loop().condition() instanceof Condition.Running);
        assertThat(tailer.window(partition).join()).isPresent();
    }

    private static PartitionId partitionOf(String channel) {
        Namespace namespace = Namespaces.builtIn().of(new Channel(channel)).orElseThrow();
        return new PartitionId(namespace.number(), new Channel(channel).partition(namespace.partitions()));
    }
}
