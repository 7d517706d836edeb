package io.tailrace.edge.log;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.EdgeSettings;
import io.tailrace.edge.window.PartitionId;
import io.tailrace.kit.consume.SupervisedLoop;
import io.tailrace.kit.kafka.ClientOnDemand;
import io.tailrace.kit.time.MonotonicTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/**
 * The thread that drives a {@link LogTail}, and its consumer. It never gives up: a broker that is away costs time and no
 * position. Public methods return at once and may be called from any thread.
 */
public final class Tailer implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long CLOSE_TIMEOUT_MS = 5_000;

    private final ClientOnDemand<Consumer<byte[], byte[]>> client;
    private final LogTail tail;
    private final SupervisedLoop loop;
    private final Thread thread;

    /**
     * A tailer that is not started.
     *
     * @param client of a consumer that is read-committed, without automatic reset; it belongs to the tailer from now on
     * @param spans of what is delivered; null for none
     */
    public Tailer(
            ClientOnDemand<Consumer<byte[], byte[]>> client,
            LogFacts facts,
            EpochEnds ends,
            RecordFrames frames,
            EdgeSettings.Tail settings,
            @Nullable DeliverySpans spans) {
        this.client = client;
        this.tail = new LogTail(client.client(), facts, ends, frames, settings, spans);
        this.loop = new SupervisedLoop("edge-tailer", settings.backoff(), this::read);
        this.thread = Thread.ofPlatform().daemon().name("edge-tailer").unstarted(loop);
    }

    /** Starts the thread. */
    public void start() {
        thread.start();
    }

    /** As {@link LogTail#subscribe}. */
    public void subscribe(LoopInbox loop, PartitionId partition) {
        tail.subscribe(loop, partition);
    }

    /** As {@link LogTail#release}. */
    public void release(LoopInbox loop, PartitionId partition) {
        tail.release(loop, partition);
    }

    /** As {@link LogTail#requestLogEnd}. */
    public void requestLogEnd(LoopInbox loop, PartitionId partition, int epoch, long ask) {
        tail.requestLogEnd(loop, partition, epoch, ask);
    }

    /** As {@link LogTail#window}. */
    public CompletableFuture<Optional<WindowView>> window(PartitionId partition) {
        return tail.window(partition);
    }

    /** As {@link LogTail#generation}. */
    public @Nullable Generation generation(int namespace) {
        return tail.generation(namespace);
    }

    /** As {@link LogTail#logVersion}. */
    public long logVersion(PartitionId partition) {
        return tail.logVersion(partition);
    }

    /** Counts as of the last read. */
    public TailStats stats() {
        return tail.stats().withFaults(loop.failures());
    }

    /** How its reading is. */
    public SupervisedLoop loop() {
        return loop;
    }

    /** Stops the thread and closes the consumer; bounded. */
    @Override
    public void close() {
        loop.stop();
        tail.wake();
        try {
            thread.join(CLOSE_TIMEOUT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Until it is told to stop, or something fails that makes the consumer and its positions doubtful. */
    private void read(SupervisedLoop self) {
        tail.begin(MonotonicTime.nowMs());
        try {
            while (!self.isStopping()) {
                turn(self);
            }
        } finally {
            client.renew();
        }
    }

    private void turn(SupervisedLoop self) {
        try {
            switch (tail.turn(MonotonicTime.nowMs(), POLL)) {
                case READ -> self.succeeded();
                case PAUSED -> tail.await(1);
                case UNPLACED -> tail.await(POLL.toMillis());
                case IDLE -> {
                    // Nobody wants anything, so nothing fails.
                    self.succeeded();
                    tail.await(POLL.toMillis());
                }
            }
        } catch (InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            // The consumer keeps its positions: it costs time and no more.
            tail.await(self.failed(e));
        }
    }
}
