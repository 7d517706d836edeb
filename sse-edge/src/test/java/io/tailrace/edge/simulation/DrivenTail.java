package io.tailrace.edge.simulation;

import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.EdgeSettings;
import io.tailrace.edge.log.LogTail;
import io.tailrace.edge.log.RecordFrames;
import io.tailrace.edge.window.PartitionId;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** The edge's own tail, on a simulated consumer and simulated brokers. */
final class DrivenTail implements SimTail {
    /** By then it has asked who leads its partitions since nothing changes any more, whatever its check interval. */
    private static final int CHECKED_AFTER_TURNS = 6;

    static final RecordFrames FRAMES = new RecordFrames(namespaces());

    private final SimBrokers brokers;
    private final SimConsumer consumer;
    private final LogTail tail;
    private final Random random;
    private final Map<PartitionId, Set<SimLoop>> wanted = new HashMap<>();
    private long clockMs;
    private int settledTurns;

    DrivenTail(SimLog log, Random random, long windowBytes) {
        this.random = random;
        this.brokers = new SimBrokers(log, random);
        this.consumer = new SimConsumer(log, FRAMES, random, this::generation);
        this.tail = new LogTail(consumer, brokers, brokers, FRAMES, settings(random, windowBytes), null);
        tail.begin(clockMs);
    }

    static EdgeSettings.Tail settings(Random random, long windowBytes) {
        return new EdgeSettings.Tail(
                windowBytes,
                Duration.ofMillis(1),
                1_000_000,
                Duration.ofMillis(random.nextInt(500)),
                1 + random.nextInt(20_000),
                Duration.ofMillis(1 + random.nextInt(600)),
                Duration.ofSeconds(1),
                Duration.ofMillis(1 + random.nextInt(100)),
                Duration.ofSeconds(1),
                100);
    }

    private static Namespaces namespaces() {
        StringBuilder declared = new StringBuilder();
        for (int number = 1; number <= 3; number++) {
            String name = "n" + number;
            declared.append(name + ".number=" + number + "\n" + name + ".partitions=3\n" + name + ".retention=P1D\n")
                    .append(name + ".subscribe=public\n" + name + ".publish=public\n" + name + ".start=live\n");
        }
        try {
            return Namespaces.read(new StringReader(declared.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void subscribe(SimLoop loop, PartitionId partition) {
        wanted.computeIfAbsent(partition, id -> new HashSet<>()).add(loop);
        tail.subscribe(loop, partition);
    }

    @Override
    public void release(SimLoop loop, PartitionId partition) {
        wanted.computeIfAbsent(partition, id -> new HashSet<>()).remove(loop);
        tail.release(loop, partition);
    }

    @Override
    public void requestLogEnd(SimLoop loop, PartitionId partition, int epoch, long ask) {
        tail.requestLogEnd(loop, partition, epoch, ask);
    }

    @Override
    public @Nullable Generation generation(int namespace) {
        return tail.generation(namespace);
    }

    @Override
    public long logVersion(PartitionId partition) {
        return tail.logVersion(partition);
    }

    @Override
    public void step(long nowMs) {
        clockMs += random.nextInt(60);
        if (random.nextBoolean() && brokers.answerOne()) {
            return;
        }
        turn();
    }

    @Override
    public void settle(long nowMs) {
        brokers.setChaos(false);
        consumer.setChaos(false);
        clockMs += 400;
        settledTurns++;
        turn();
        while (brokers.answerOne()) {
            turn();
        }
    }

    private void turn() {
        try {
            var unused = tail.turn(clockMs, Duration.ZERO);
        } catch (KafkaException e) {
            // Its consumer keeps its positions.
        } catch (RuntimeException | SimFault e) {
            // As after the edge's thread has failed: it goes on with another consumer.
            consumer.renew();
            tail.begin(clockMs);
        }
    }

    @Override
    public boolean isAtEnd() {
        return settledTurns > CHECKED_AFTER_TURNS
                && wanted.entrySet().stream()
                        .allMatch(entry -> entry.getValue().isEmpty() || consumer.isAtEnd(entry.getKey()));
    }
}
