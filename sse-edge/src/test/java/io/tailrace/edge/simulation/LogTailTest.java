package io.tailrace.edge.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.log.LogTail;
import io.tailrace.edge.log.LoopInbox;
import io.tailrace.edge.log.WindowView;
import io.tailrace.edge.simulation.SimLog.Partition;
import io.tailrace.edge.stream.StreamLoop;
import io.tailrace.edge.window.PartitionId;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Schedules of the tail that the simulation finds once in ten thousands. */
class LogTailTest {
    private static final PartitionId FIRST = new PartitionId(1, 0);
    private static final PartitionId SECOND = new PartitionId(1, 1);

    private final Random random = new Random(1);
    private final SimLog log = logOfTwoPartitions();
    private final SimBrokers brokers = SimBrokers.prompt(log, random);
    private final SimConsumer consumer = new SimConsumer(log, DrivenTail.FRAMES, random, this::generation);
    private final LogTail tail =
            new LogTail(consumer, brokers, brokers, DrivenTail.FRAMES, DrivenTail.settings(random, 1 << 20), null);
    private final LoopInbox inbox = new LoopInbox() {
        @Override
        public void post(Consumer<StreamLoop> input, long bytes) {}

        @Override
        public long backlogBytes() {
            return 0;
        }
    };
    private long clockMs;

    @Test
    void aPartitionIsPlacedThoughTheConsumerFailedWhenItWasToBe() {
        // given
        consumer.setChaos(false);
        tail.begin(clockMs);
        tail.subscribe(inbox, FIRST);
        turns();
        assertThat(generation(FIRST)).isEqualTo(log.current(FIRST).generation);

        // when the answer about another partition says that the topic is a new one, and the consumer lets none go
        log.recreate(FIRST.namespace());
        tail.subscribe(inbox, SECOND);
        consumer.failNextAssignment();
        turns();

        // then
        assertThat(generation(FIRST)).isEqualTo(log.current(FIRST).generation);
        assertThat(generation(SECOND)).isEqualTo(log.current(SECOND).generation);
    }

    @Test
    void nothingOfALeaderWithMoreOfAnOlderEpochIsPutBehindWhatWasReadOfANewerOne() {
        // given records of epoch 1 where there were others of epoch 0
        consumer.setChaos(false);
        tail.begin(clockMs);
        Partition partition = log.current(FIRST);
        append(partition, 10);
        tail.subscribe(inbox, FIRST);
        turns();
        SimBranch before = partition.branch();
        lead(partition, before, before.end() - 5);
        turns();
        append(partition, 3);
        turns();
        assertThat(view(FIRST).headEpoch()).isEqualTo(1);

        // when a broker leads that has all of epoch 0 and nothing of 1
        lead(partition, before, before.end());
        turns();

        // then
        WindowView view = view(FIRST);
        assertThat(view.head()).isEqualTo(partition.end());
        assertThat(view.headEpoch()).isZero();
        assertThat(view.batches())
                .allMatch(batch -> batch.leaderEpoch() == partition.branch().epochAt(batch.fromOffset()));
    }

    @Test
    void aLeaderThatLostWhatWasReadIsNoticedThoughItsLogEndsAtTheSameOffsetAndNothingIsWritten() {
        // given records of epoch 1 where there were as many others of epoch 0
        consumer.setChaos(false);
        tail.begin(clockMs);
        Partition partition = log.current(FIRST);
        append(partition, 10);
        tail.subscribe(inbox, FIRST);
        turns();
        SimBranch before = partition.branch();
        lead(partition, before, before.end() - 5);
        append(partition, 5);
        turns();
        assertThat(view(FIRST).headEpoch()).isEqualTo(1);

        // when a broker leads that has all of epoch 0
        lead(partition, before, before.end());
        turns();

        // then
        assertThat(view(FIRST).head()).isEqualTo(before.end());
        assertThat(view(FIRST).headEpoch()).isZero();
    }

    private void append(Partition partition, int records) {
        String channel = log.channels().stream()
                .filter(each -> log.partitionOf(each).equals(partition.id))
                .findFirst()
                .orElseThrow();
        for (int i = 0; i < records; i++) {
            partition.branch().append(channel, partition.leaderEpoch);
        }
    }

    /** Another broker leads, with a part of a log that was. */
    private static void lead(Partition partition, SimBranch of, long end) {
        partition.leaderEpoch++;
        partition.branches.add(new SimBranch(partition.branches, of, end));
    }

    private WindowView view(PartitionId partition) {
        CompletableFuture<Optional<WindowView>> window = tail.window(partition);
        turns();
        return window.join().orElseThrow();
    }

    private void turns() {
        for (int i = 0; i < 50; i++) {
            clockMs += 100;
            try {
                var unused = tail.turn(clockMs, Duration.ZERO);
            } catch (IllegalStateException e) {
                // As after the edge's thread has failed.
                consumer.renew();
                tail.begin(clockMs);
            }
        }
    }

    private @Nullable Generation generation(int namespace) {
        return tail.generation(namespace);
    }

    private Generation generation(PartitionId partition) {
        return view(partition).generation();
    }

    private static SimLog logOfTwoPartitions() {
        return LongStream.iterate(0, seed -> seed + 1)
                .mapToObj(seed -> new SimLog(new Random(seed)))
                .filter(log -> log.partitions().stream().anyMatch(partition -> partition.id.equals(SECOND)))
                .findFirst()
                .orElseThrow();
    }
}
