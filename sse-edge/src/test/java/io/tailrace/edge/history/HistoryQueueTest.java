package io.tailrace.edge.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.edge.EdgeSettings;
import io.tailrace.edge.history.PageRequest.Direction;
import io.tailrace.edge.log.LogFacts;
import io.tailrace.edge.log.RecordFrames;
import io.tailrace.edge.stream.Start;
import io.tailrace.edge.window.PartitionFacts;
import io.tailrace.edge.window.PartitionId;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests for pages that wait while the only reader is busy. */
class HistoryQueueTest {
    private static final PageRequest REQUEST = new PageRequest(
            new Channel("search:posts"), new PartitionId(9, 0), Direction.BACKWARDS, new Start.Live(), 10);

    private final CountDownLatch reading = new CountDownLatch(1);
    private final CountDownLatch never = new CountDownLatch(1);
    private final History history = new History(
            new UnaskedFacts(),
            (partition, epoch, asOf) -> new CompletableFuture<>(),
            new RecordFrames(Namespaces.builtIn()),
            new EdgeSettings.History(1, 1, 1 << 20, Duration.ofSeconds(10), 1 << 20, Duration.ofSeconds(10)),
            number -> {
                reading.countDown();
                try {
                    never.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                throw new IllegalStateException("interrupted");
            });

    @AfterEach
    void close() {
        history.close();
    }

    @Test
    void oneMoreThanMayWaitIsRefused() throws Exception {
        var first = history.page(REQUEST);
        reading.await();
        var second = history.page(REQUEST);

        var third = history.page(REQUEST);

        assertThatThrownBy(() -> third.toCompletableFuture().get())
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(RejectedExecutionException.class);
        assertThat(first.toCompletableFuture()).isNotDone();
        assertThat(second.toCompletableFuture()).isNotDone();
    }

    @Test
    void whoWaitsWhenTheEdgeShutsDownIsToldSo() throws Exception {
        var first = history.page(REQUEST);
        reading.await();
        var second = history.page(REQUEST);

        history.close();

        assertThat(first.toCompletableFuture()).isCompletedExceptionally();
        assertThat(second.toCompletableFuture()).isCompletedExceptionally();
    }

    /** No page comes as far as to ask. */
    private static final class UnaskedFacts implements LogFacts {
        @Override
        public CompletionStage<TopicState> topic(int namespace) {
            return new CompletableFuture<>();
        }

        @Override
        public CompletionStage<PartitionFacts> facts(PartitionId partition) {
            return new CompletableFuture<>();
        }

        @Override
        public CompletionStage<Long> start(PartitionId partition) {
            return new CompletableFuture<>();
        }

        @Override
        public CompletionStage<Map<PartitionId, Long>> starts(Collection<PartitionId> partitions) {
            return new CompletableFuture<>();
        }

        @Override
        public CompletionStage<Map<PartitionId, Integer>> leaderEpochs(Collection<PartitionId> partitions) {
            return new CompletableFuture<>();
        }
    }
}
