package io.tailrace.edge.simulation;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.replay.plan.ReplayPlanner;
import io.tailrace.edge.replay.plan.ReplayRange;
import io.tailrace.edge.replay.plan.ReplaySettings;
import io.tailrace.edge.simulation.SimLog.Partition;
import io.tailrace.edge.stream.StreamSettings;
import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.BatchBuilder;
import io.tailrace.edge.window.PartitionId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** One edge process: loops, a tail and a replay reader around the real planner. */
final class SimEdge {
    final List<SimLoop> loops = new ArrayList<>();
    final StreamSettings settings;
    private final SimLog log;
    private final Random random;
    private final ReplayPlanner planner;
    private final SimTail tail;
    private final List<Job> reading = new ArrayList<>();

    /** A range that is read, with the version of its log when that has begun. */
    private record Job(ReplayRange range, long logVersion) {}

    SimEdge(SimLog log, Random random, long nowMs) {
        this.log = log;
        this.random = random;
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
        this.tail = random.nextInt(3) > 0
                ? new DrivenTail(log, random, settings.windowBytes())
                : new HostileTails(log, random, settings.windowBytes());
        this.planner = new ReplayPlanner(new ReplaySettings(1 + random.nextInt(3), 1000, 1_000_000, 100_000), nowMs);
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            loops.add(new SimLoop(this, settings, random));
        }
    }

    SimTail tail() {
        return tail;
    }

    void release(SimLoop loop, PartitionId partition) {
        tail.release(loop, partition);
        planner.cancel(loops.indexOf(loop), partition);
    }

    void requestReplay(SimLoop loop, PartitionId partition, Generation generation, long fromOffset) {
        planner.request(loops.indexOf(loop), partition, generation, fromOffset);
    }

    /** Does one thing outside of the loops. */
    void step(long nowMs, boolean chaos) {
        if (random.nextBoolean()) {
            tail.step(nowMs);
        }
        ReplayRange next = planner.next(nowMs);
        if (next != null) {
            reading.add(new Job(next, tail.logVersion(next.partition())));
        }
        if (!reading.isEmpty() && random.nextBoolean()) {
            read(reading.remove(random.nextInt(reading.size())), chaos);
        }
    }

    void settle(long nowMs) {
        tail.settle(nowMs);
        ReplayRange next = planner.next(nowMs);
        if (next != null) {
            reading.add(new Job(next, tail.logVersion(next.partition())));
        }
        while (!reading.isEmpty()) {
            read(reading.removeFirst(), false);
        }
        loops.forEach(loop -> loop.step(nowMs, true));
    }

    boolean isQuiet() {
        return reading.isEmpty()
                && planner.waiting() == 0
                && tail.isAtEnd()
                && loops.stream().allMatch(SimLoop::isQuiet);
    }

    private void read(Job job, boolean chaos) {
        ReplayRange range = job.range;
        PartitionId id = range.partition();
        Generation generation = range.generation();
        Partition partition = log.current(id);
        Generation known = tail.generation(id.namespace());
        boolean gone = !partition.generation.equals(generation)
                || (known != null && !known.equals(generation))
                || job.logVersion != tail.logVersion(id);
        if (gone || range.fromOffset() >= partition.end() || (chaos && random.nextInt(15) == 0)) {
            for (int loop : planner.failed(range)) {
                loops.get(loop).reply(core -> core.onReplayFailed(id, generation, range.fromOffset()));
            }
        } else if (range.fromOffset() < partition.logStart) {
            long logStart = partition.logStart;
            for (int loop : planner.gone(range, logStart)) {
                loops.get(loop).reply(core -> core.onReplayGap(id, generation, logStart));
            }
        } else {
            Batch chunk = chunk(partition, branch(partition, range.fromOffset(), chaos), range.fromOffset(), chaos);
            for (int loop : planner.completed(range, chunk.toOffset(), chunk.byteSize())) {
                loops.get(loop).reply(core -> core.onReplay(chunk, job.logVersion));
            }
        }
    }

    /** The log, or one that was cut since, of a broker that does not know yet that it leads no more. */
    private SimBranch branch(Partition partition, long from, boolean chaos) {
        SimBranch other = partition.branches.get(random.nextInt(partition.branches.size()));
        return chaos && random.nextInt(8) == 0 && other.end() > from ? other : partition.branch();
    }

    private Batch chunk(Partition partition, SimBranch branch, long from, boolean chaos) {
        long to = Math.min(branch.end(), from + 1 + random.nextInt(20));
        BatchBuilder builder = new BatchBuilder(partition.id, partition.generation, from);
        if (!chaos || random.nextInt(10) > 0) {
            return partition.read(branch, builder, from, to, channel -> true);
        }
        Set<String> some = new HashSet<>(log.channels());
        some.removeIf(channel -> random.nextBoolean());
        return partition.read(branch, builder.coverOnly(some), from, to, some::contains);
    }
}
