package io.tailrace.edge.simulation;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.simulation.SimLog.Partition;
import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.BatchBuilder;
import io.tailrace.edge.window.PartitionFacts;
import io.tailrace.edge.window.PartitionId;
import io.tailrace.edge.window.PartitionWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Tails one partition for the loops of one edge. */
final class SimTailer {
    private final PartitionId id;
    private final SimEdge edge;
    private final SimLog log;
    private final Random random;
    private final long windowBytes;
    private final List<SimLoop> loops = new ArrayList<>();
    private Generation generation;
    private PartitionWindow window;
    private boolean available;
    private @Nullable Batch latest;

    SimTailer(PartitionId id, SimEdge edge, SimLog log, Random random, long windowBytes) {
        this.id = id;
        this.edge = edge;
        this.log = log;
        this.random = random;
        this.windowBytes = windowBytes;
        this.generation = log.current(id).generation;
        this.window = new PartitionWindow(log.current(id).end(), windowBytes);
        this.available = random.nextInt(5) > 0;
    }

    void subscribe(SimLoop loop) {
        loops.add(loop);
        announce(loop);
    }

    boolean release(SimLoop loop) {
        loops.remove(loop);
        return loops.isEmpty();
    }

    /** Does one thing: notices what has changed, or hands out a batch. */
    void step(boolean chaos) {
        Partition partition = log.current(id);
        if (!available) {
            available = !chaos || random.nextInt(3) == 0;
            if (available && partition.generation.equals(generation)) {
                loops.forEach(this::announce);
            }
        } else if (chaos && random.nextInt(60) == 0) {
            available = false;
            loops.forEach(this::announce);
        } else if (!partition.generation.equals(generation)) {
            edge.noticeRecreated(id.namespace());
        } else if (chaos && random.nextInt(40) == 0 && partition.end() > window.head() + 3) {
            window = new PartitionWindow(window.head() + 2, windowBytes);
        } else if (partition.end() > window.head()) {
            if (partition.logStart > window.head()) {
                window = new PartitionWindow(partition.logStart, windowBytes);
                if (partition.end() == window.head()) {
                    loops.forEach(this::announce);
                    return;
                }
            }
            tail(partition, chaos ? 1 + random.nextInt(12) : 100);
        }
    }

    boolean isAtEnd() {
        Partition partition = log.current(id);
        return available && partition.generation.equals(generation) && partition.end() == window.head();
    }

    private void tail(Partition partition, int records) {
        long to = Math.min(partition.end(), window.head() + records);
        // A driver may hand out again what a loop has seen.
        long from = random.nextInt(8) == 0 ? Math.max(window.start(), window.head() - 2) : window.head();
        BatchBuilder builder = new BatchBuilder(id, generation, from);
        partition.read(builder, from, to);
        Batch batch = builder.build(to);
        window.append(batch);
        latest = batch;
        loops.forEach(loop -> loop.later(core -> core.onBatch(batch)));
    }

    /** The topic is another one: what was known of it is of no use. */
    void restart(boolean announceTopic) {
        Partition partition = log.current(id);
        generation = partition.generation;
        window = new PartitionWindow(partition.logStart, windowBytes);
        Generation next = generation;
        for (SimLoop loop : loops) {
            if (announceTopic) {
                loop.later(core -> core.onRegenerated(id.namespace(), next));
            }
            announce(loop);
            Batch stale = latest;
            if (stale != null && random.nextBoolean()) {
                loop.later(core -> core.onBatch(stale));
            }
        }
    }

    boolean isStale() {
        return !log.current(id).generation.equals(generation);
    }

    private void announce(SimLoop loop) {
        if (!available) {
            loop.later(core -> core.onPartitionUnavailable(id));
            return;
        }
        Partition partition = log.of(id, generation);
        if (partition == null) {
            throw new AssertionError("no " + id + " in " + generation);
        }
        long head = window.head();
        PartitionFacts facts = new PartitionFacts(id, generation, Math.min(partition.logStart, head), head);
        List<Batch> batches = window.batches();
        loop.later(core -> core.onPartitionReady(facts, batches));
    }
}
