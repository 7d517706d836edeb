package io.tailrace.edge.simulation;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.log.EpochEnds.EpochEnd;
import io.tailrace.edge.log.LogComparison;
import io.tailrace.edge.log.ReadLog;
import io.tailrace.edge.replay.plan.ReplayPlanner;
import io.tailrace.edge.replay.plan.ReplaySettings;
import io.tailrace.edge.replay.plan.Stretch;
import io.tailrace.edge.simulation.SimLog.Partition;
import io.tailrace.edge.stream.LogEnd;
import io.tailrace.edge.stream.StreamSettings;
import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.BatchBuilder;
import io.tailrace.edge.window.PartitionId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One edge process: loops, tailers and a replay reader around the real planner. */
final class SimEdge {
    final List<SimLoop> loops = new ArrayList<>();
    final StreamSettings settings;
    private final SimLog log;
    private final Random random;
    private final ReplayPlanner planner;
    private final Map<PartitionId, SimTailer> tailers = new TreeMap<>();
    private final Map<PartitionId, Long> logVersions = new TreeMap<>();
    private final List<Job> reading = new ArrayList<>();
    private final LogComparison comparison;

    /** A stretch that is read, with the version of its log when that has begun. */
    private record Job(Stretch stretch, long logVersion) {}

    SimEdge(SimLog log, Random random, long nowMs) {
        this.log = log;
        this.random = random;
        this.comparison = new LogComparison(
                id -> CompletableFuture.completedFuture(log.current(id).facts()),
                (id, epoch) -> CompletableFuture.completedFuture(log.current(id).epochEnd(epoch)));
        int share = 1 + random.nextInt(3000);
        this.settings = new StreamSettings(
                1 + random.nextInt(6000),
                1 + random.nextInt(6000),
                share,
                share * (1 + random.nextInt(4)),
                60 + random.nextInt(1000),
                1_000,
                3_000,
                3_000,
                20_000,
                100,
                10_000,
                400,
                3 + random.nextInt(12),
                random.nextInt(3) == 0 ? 1_000_000 : 1 + random.nextInt(4000),
                120 + random.nextInt(2000));
        this.planner = new ReplayPlanner(new ReplaySettings(1 + random.nextInt(3), 1000, 1_000_000, 100_000), nowMs);
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            loops.add(new SimLoop(this, settings, random));
        }
    }

    void subscribe(SimLoop loop, PartitionId partition) {
        SimTailer tailer = tailers.get(partition);
        if (tailer == null) {
            noticeRecreated(partition.namespace());
            tailer = new SimTailer(partition, this, log, random, settings.windowBytes());
            tailers.put(partition, tailer);
        }
        tailer.subscribe(loop);
    }

    /** An edge knows one generation of a topic: when one tailer sees another, all of them do. */
    void noticeRecreated(int namespace) {
        boolean announceTopic = random.nextBoolean();
        tailers.forEach((id, tailer) -> {
            if (id.namespace() == namespace && tailer.isStale()) {
                tailer.restart(announceTopic);
            }
        });
    }

    void release(SimLoop loop, PartitionId partition) {
        SimTailer tailer = tailers.get(partition);
        if (tailer != null && tailer.release(loop) && random.nextBoolean()) {
            tailers.remove(partition);
            nextLogVersion(partition);
        }
        planner.cancel(loops.indexOf(loop), partition);
    }

    void requestLogEnd(SimLoop loop, PartitionId partition, int epoch, long ask) {
        if (random.nextInt(4) == 0) {
            answerLogEnd(loop, partition, epoch, ask);
        } else {
            loop.reply(core -> answerLogEnd(loop, partition, epoch, ask));
        }
    }

    private void answerLogEnd(SimLoop loop, PartitionId partition, int epoch, long ask) {
        Partition current = log.current(partition);
        Generation generation = current.generation;
        LogEnd end = logEnd(current, epoch);
        loop.reply(core -> core.onLogEnd(partition, generation, end, ask));
    }

    private static LogEnd logEnd(Partition partition, int epoch) {
        if (epoch == Cursor.NO_EPOCH || epoch >= partition.leaderEpoch) {
            return new LogEnd(partition.end(), partition.leaderEpoch);
        }
        EpochEnd end = partition.epochEnd(epoch);
        return new LogEnd(partition.end(), partition.leaderEpoch, epoch, end.epoch(), end.endOffset());
    }

    /** Where a partition is, and what is left of what was read of it. */
    LogComparison.Found find(PartitionId partition, @Nullable ReadLog read) {
        return comparison.find(partition, read).toCompletableFuture().join();
    }

    long logVersion(PartitionId partition) {
        return logVersions.getOrDefault(partition, 0L);
    }

    void nextLogVersion(PartitionId partition) {
        logVersions.merge(partition, 1L, Long::sum);
    }

    void requestReplay(SimLoop loop, PartitionId partition, Generation generation, long fromOffset) {
        planner.request(loops.indexOf(loop), partition, generation, fromOffset);
    }

    /** Does one thing outside of the loops. */
    void step(long nowMs, boolean chaos) {
        if (random.nextBoolean() && !tailers.isEmpty()) {
            List<SimTailer> all = List.copyOf(tailers.values());
            all.get(random.nextInt(all.size())).step(chaos);
        }
        Stretch next = planner.next(nowMs);
        if (next != null) {
            reading.add(new Job(next, logVersion(next.partition())));
        }
        if (!reading.isEmpty() && random.nextBoolean()) {
            read(reading.remove(random.nextInt(reading.size())), chaos);
        }
    }

    void settle(long nowMs) {
        tailers.values().forEach(tailer -> tailer.step(false));
        Stretch next = planner.next(nowMs);
        if (next != null) {
            reading.add(new Job(next, logVersion(next.partition())));
        }
        while (!reading.isEmpty()) {
            read(reading.removeFirst(), false);
        }
        loops.forEach(loop -> loop.step(nowMs, true));
    }

    boolean isQuiet() {
        return reading.isEmpty()
                && planner.waiting() == 0
                && tailers.values().stream().allMatch(SimTailer::isAtEnd)
                && loops.stream().allMatch(SimLoop::isQuiet);
    }

    private void read(Job job, boolean chaos) {
        Stretch stretch = job.stretch;
        PartitionId id = stretch.partition();
        Generation generation = stretch.generation();
        Partition partition = log.current(id);
        boolean gone = !partition.generation.equals(generation) || job.logVersion != logVersion(id);
        if (gone || stretch.fromOffset() >= partition.end() || (chaos && random.nextInt(15) == 0)) {
            for (int loop : planner.failed(stretch)) {
                loops.get(loop).reply(core -> core.onReplayFailed(id, generation, stretch.fromOffset()));
            }
        } else if (stretch.fromOffset() < partition.logStart) {
            long logStart = partition.logStart;
            for (int loop : planner.gone(stretch, logStart)) {
                loops.get(loop).reply(core -> core.onReplayGap(id, generation, logStart));
            }
        } else {
            long to = Math.min(partition.end(), stretch.fromOffset() + 1 + random.nextInt(20));
            Batch chunk = chunk(partition, stretch.fromOffset(), to, chaos && random.nextInt(10) == 0);
            for (int loop : planner.completed(stretch, chunk.toOffset(), chunk.byteSize())) {
                loops.get(loop).reply(core -> core.onReplay(chunk, job.logVersion));
            }
        }
    }

    private Batch chunk(Partition partition, long from, long to, boolean filtered) {
        if (!filtered) {
            return partition.read(from, to);
        }
        Set<String> some = new HashSet<>(log.channels());
        some.removeIf(channel -> random.nextBoolean());
        BatchBuilder builder = new BatchBuilder(partition.id, partition.generation, from).coverOnly(some);
        return partition.read(builder, from, to, some::contains);
    }
}
