package io.tailrace.edge.replay;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.log.LoopInbox;
import io.tailrace.edge.replay.plan.ReplayPlanner;
import io.tailrace.edge.replay.plan.ReplaySettings;
import io.tailrace.edge.replay.plan.Stretch;
import io.tailrace.edge.stream.StreamLoop;
import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.PartitionId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads older records for the event loops, with a few threads that share one {@link ReplayPlanner}: loops that want the
 * same stretch read it once. The planner's budget keeps replays from taking the brokers and the CPU from what is new.
 * Public methods return at once and may be called from any thread.
 */
public final class ReplayReader implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ReplayReader.class);
    private static final long CLOSE_TIMEOUT_MS = 5_000;

    private final Supplier<StretchReader> readers;
    private final Function<Integer, @Nullable Generation> generations;
    private final Map<Integer, LoopInbox> loops = new ConcurrentHashMap<>();
    private final Set<StretchReader> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final ReplayPlanner planner;
    private final List<Thread> threads = new ArrayList<>();
    private boolean closed;
    private long bytesTotal;
    private long readsTotal;
    private long failedTotal;
    private long requestsTotal;

    /**
     * Readers that have not been started.
     *
     * @param readers makes the reader of a thread
     * @param generations the generation of a namespace's topic as the tailer sees it, or null
     */
    public ReplayReader(
            ReplaySettings settings,
            Supplier<StretchReader> readers,
            Function<Integer, @Nullable Generation> generations) {
        this.readers = readers;
        this.generations = generations;
        this.planner = new ReplayPlanner(settings, nowMs());
        for (int i = 0; i < settings.maxInFlight(); i++) {
            Thread thread = new Thread(this::run, "edge-replay-" + i);
            thread.setDaemon(true);
            threads.add(thread);
        }
    }

    /** Starts the threads. */
    public void start() {
        threads.forEach(Thread::start);
    }

    /** A loop wants a chunk that covers {@code fromOffset}; replaces its earlier request for the partition. */
    public void request(int loop, LoopInbox inbox, PartitionId partition, Generation generation, long fromOffset) {
        loops.putIfAbsent(loop, inbox);
        lock.lock();
        try {
            requestsTotal++;
            planner.request(loop, partition, generation, fromOffset);
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** A loop wants nothing of the partition any more. */
    public void cancel(int loop, PartitionId partition) {
        lock.lock();
        try {
            planner.cancel(loop, partition);
        } finally {
            lock.unlock();
        }
    }

    /** Counts as of now. */
    public ReplayStats stats() {
        lock.lock();
        try {
            return new ReplayStats(
                    planner.waiting(), planner.inFlight(), requestsTotal, readsTotal, failedTotal, bytesTotal);
        } finally {
            lock.unlock();
        }
    }

    /** Ends the threads; bounded. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            work.signalAll();
        } finally {
            lock.unlock();
        }
        // A reader may wait for a broker that is away.
        open.forEach(StretchReader::wakeup);
        try {
            for (Thread thread : threads) {
                thread.join(CLOSE_TIMEOUT_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (StretchReader reader = readers.get()) {
            open.add(reader);
            for (Stretch stretch = next(); stretch != null; stretch = next()) {
                settle(stretch, read(reader, stretch));
            }
        } catch (InterruptedException e) {
            LOG.debug("a replay reader was interrupted", e);
        }
    }

    private static StretchReader.Reading read(StretchReader reader, Stretch stretch) {
        try {
            return reader.read(stretch);
        } catch (RuntimeException e) {
            // Whatever it was, the planner must learn that the stretch is no longer being read.
            LOG.warn("reading {} failed: {}", stretch, e.toString());
            return new StretchReader.Failed();
        }
    }

    /** The next stretch, as soon as there is one; null when the edge ends. */
    private @Nullable Stretch next() throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                long nowMs = nowMs();
                Stretch stretch = planner.next(nowMs);
                if (stretch != null) {
                    return stretch;
                }
                long waitMs = planner.nextAtMs(nowMs) - nowMs;
                var unused = work.await(Math.clamp(waitMs, 1, 60_000), TimeUnit.MILLISECONDS);
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private void settle(Stretch stretch, StretchReader.Reading reading) {
        PartitionId partition = stretch.partition();
        Generation generation = stretch.generation();
        Generation current = generations.apply(partition.namespace());
        boolean outdated = current != null && !current.equals(generation);
        StretchReader.Reading result = outdated ? new StretchReader.Failed() : reading;
        lock.lock();
        try {
            switch (result) {
                case StretchReader.Read(Batch chunk, long readBytes) -> {
                    readsTotal++;
                    bytesTotal += readBytes;
                    tell(planner.completed(stretch, chunk.toOffset(), readBytes), loop -> loop.onReplay(chunk));
                }
                case StretchReader.Gone(long logStart) ->
                    tell(planner.gone(stretch, logStart), loop -> loop.onReplayGap(partition, generation, logStart));
                case StretchReader.Failed() -> {
                    failedTotal++;
                    tell(
                            planner.failed(stretch),
                            loop -> loop.onReplayFailed(partition, generation, stretch.fromOffset()));
                }
            }
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    private void tell(int[] indexes, Consumer<StreamLoop> input) {
        for (int index : indexes) {
            LoopInbox loop = loops.get(index);
            if (loop != null) {
                loop.post(input, 0);
            }
        }
    }

    private static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }
}
