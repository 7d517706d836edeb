package io.tailrace.edge.replay;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.log.LoopInbox;
import io.tailrace.edge.replay.plan.ChunkCache;
import io.tailrace.edge.replay.plan.ReplayPlanner;
import io.tailrace.edge.replay.plan.ReplayRange;
import io.tailrace.edge.replay.plan.ReplaySettings;
import io.tailrace.edge.stream.StreamLoop;
import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.PartitionId;
import io.tailrace.kit.consume.Backoff;
import io.tailrace.kit.consume.SupervisedLoop;
import io.tailrace.kit.time.MonotonicTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads older records for the event loops, with a few threads that share one {@link ReplayPlanner}: loops that want the
 * same range read it once. The planner's budget keeps replays from taking the brokers and the CPU from what is new.
 * Public methods return at once and may be called from any thread.
 */
public final class ReplayReader implements AutoCloseable {
    private static final long CLOSE_TIMEOUT_MS = 5_000;
    private static final long MAX_WAIT_MS = 10_000;
    private static final long BUSY_TOO_LONG_MS = 200;
    private static final long IDLE = Long.MAX_VALUE;

    private final Supplier<ReplayRangeReader> readers;
    private final Function<Integer, @Nullable Generation> generations;
    private final ToLongFunction<PartitionId> logVersions;

    private final Map<Integer, LoopInbox> loops = new ConcurrentHashMap<>();
    private final Set<ReplayRangeReader> open = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final ReplayPlanner planner;
    private final ChunkCache cache;
    private final List<SupervisedLoop> supervised = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    /** When each reader began what it is at: a range, or to make itself a consumer. */
    private final long[] busySinceMs;

    /**
     * A range that is read.
     *
     * @param logVersion as it was before that has begun
     */
    private record Job(ReplayRange range, long logVersion) {}

    private boolean closed;
    private long bytesTotal;
    private long readsTotal;
    private long cachedTotal;
    private long failedTotal;
    private long requestsTotal;

    /**
     * Readers that have not been started.
     *
     * @param cache for what was read, empty
     * @param readers makes the reader of a thread, as often as one fails
     * @param backoffs makes the pauses of a thread after failures
     * @param generations the generation of a namespace's topic as the tailer sees it, or null
     * @param logVersions which log of a partition the tailer reads, as in
     *     {@link io.tailrace.edge.window.PartitionFacts#logVersion}
     */
    public ReplayReader(
            ReplaySettings settings,
            ChunkCache cache,
            Supplier<ReplayRangeReader> readers,
            Supplier<Backoff> backoffs,
            Function<Integer, @Nullable Generation> generations,
            ToLongFunction<PartitionId> logVersions) {
        this.readers = readers;
        this.cache = cache;
        this.generations = generations;
        this.logVersions = logVersions;
        this.planner = new ReplayPlanner(settings, nowMs());
        this.busySinceMs = new long[settings.maxInFlight()];
        Arrays.fill(busySinceMs, IDLE);
        for (int i = 0; i < settings.maxInFlight(); i++) {
            int number = i;
            SupervisedLoop loop = new SupervisedLoop("edge-replay-" + i, backoffs.get(), self -> run(number, self));
            supervised.add(loop);
            threads.add(Thread.ofPlatform().daemon().name(loop.name()).unstarted(loop));
        }
    }

    /** Starts the threads. */
    public void start() {
        threads.forEach(Thread::start);
    }

    /** How its readers are. */
    public List<SupervisedLoop> loops() {
        return List.copyOf(supervised);
    }

    /** A loop wants a chunk that covers {@code fromOffset}; replaces its earlier request for the partition. */
    public void request(int loop, LoopInbox inbox, PartitionId partition, Generation generation, long fromOffset) {
        loops.putIfAbsent(loop, inbox);
        lock.lock();
        try {
            requestsTotal++;
            planner.request(loop, partition, generation, fromOffset);
            work.signalAll();
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
                    planner.waiting(),
                    planner.inFlight(),
                    cache.byteSize(),
                    requestsTotal,
                    readsTotal,
                    cachedTotal,
                    failedTotal,
                    bytesTotal);
        } finally {
            lock.unlock();
        }
    }

    /** Ends the threads; bounded. */
    @Override
    public void close() {
        supervised.forEach(SupervisedLoop::stop);
        lock.lock();
        try {
            closed = true;
            work.signalAll();
        } finally {
            lock.unlock();
        }
        // A reader may wait for a broker that is away.
        open.forEach(ReplayRangeReader::wakeup);
        try {
            for (Thread thread : threads) {
                thread.join(CLOSE_TIMEOUT_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(int number, SupervisedLoop self) throws InterruptedException {
        busy(number);
        try (ReplayRangeReader reader = readers.get()) {
            open.add(reader);
            try {
                for (Job job = next(number, self); job != null; job = next(number, self)) {
                    read(reader, job, self);
                }
            } finally {
                open.remove(reader);
                busy(number);
            }
        }
    }

    private void read(ReplayRangeReader reader, Job job, SupervisedLoop self) {
        ReplayRangeReader.ReadResult reading = new ReplayRangeReader.Failed();
        try {
            reading = reader.read(job.range, job.logVersion);
        } finally {
            // Whatever it was, the planner must learn that the range is no longer being read.
            complete(job, reading);
        }
        if (!(reading instanceof ReplayRangeReader.Failed)) {
            self.succeeded();
        }
    }

    /** Until it has a range of its own partitions again, others help with those. */
    private void busy(int number) {
        lock.lock();
        try {
            busySinceMs[number] = nowMs();
        } finally {
            lock.unlock();
        }
    }

    /** The next range that is in no memory, as soon as there is one; null when the edge ends. */
    private @Nullable Job next(int number, SupervisedLoop self) throws InterruptedException {
        lock.lock();
        try {
            busySinceMs[number] = IDLE;
            while (!closed) {
                long nowMs = nowMs();
                cache.expire(nowMs);
                Predicate<PartitionId> mine = partition -> isFor(number, partition, nowMs);
                ReplayRange range = planner.next(nowMs, mine);
                if (range != null) {
                    Job job = new Job(range, logVersions.applyAsLong(range.partition()));
                    Batch known = cache.find(range, job.logVersion, nowMs);
                    if (known == null) {
                        busySinceMs[number] = nowMs;
                        return job;
                    }
                    cachedTotal++;
                    complete(job, new ReplayRangeReader.Read(known, 0));
                    continue;
                }
                boolean othersWait = planner.nextAtMs(nowMs) != Long.MAX_VALUE;
                long waitMs = planner.nextAtMs(nowMs, mine) - nowMs;
                boolean called = work.await(
                        Math.clamp(waitMs, 1, othersWait ? BUSY_TOO_LONG_MS : MAX_WAIT_MS), TimeUnit.MILLISECONDS);
                if (!called && !othersWait) {
                    // It has a consumer, and nobody has wanted anything since: nothing is known to fail.
                    self.succeeded();
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * A partition has its own reader, whose consumer has fetched ahead what is wanted next. Another one helps if that one
     * is held up, by a partition without leader for example.
     */
    private boolean isFor(int number, PartitionId partition, long nowMs) {
        int owner = Math.floorMod(partition.hashCode(), busySinceMs.length);
        return owner == number || nowMs - busySinceMs[owner] >= BUSY_TOO_LONG_MS;
    }

    private void complete(Job job, ReplayRangeReader.ReadResult reading) {
        ReplayRange range = job.range;
        PartitionId partition = range.partition();
        Generation generation = range.generation();
        Generation current = generations.apply(partition.namespace());
        boolean outdated = current != null && !current.equals(generation);
        outdated |= logVersions.applyAsLong(partition) != job.logVersion;
        ReplayRangeReader.ReadResult result = outdated ? new ReplayRangeReader.Failed() : reading;
        lock.lock();
        try {
            switch (result) {
                case ReplayRangeReader.Read(Batch chunk, long readBytes) -> {
                    if (readBytes > 0) {
                        readsTotal++;
                        bytesTotal += readBytes;
                        cache.put(chunk, job.logVersion, nowMs());
                    }
                    tell(
                            planner.completed(range, chunk.toOffset(), readBytes),
                            loop -> loop.onReplay(chunk, job.logVersion));
                }
                case ReplayRangeReader.Gone(long logStart) ->
                    tell(planner.gone(range, logStart), loop -> loop.onReplayGap(partition, generation, logStart));
                case ReplayRangeReader.Failed() -> {
                    failedTotal++;
                    tell(planner.failed(range), loop -> loop.onReplayFailed(partition, generation, range.fromOffset()));
                }
            }
            work.signalAll();
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
        return MonotonicTime.nowMs();
    }
}
