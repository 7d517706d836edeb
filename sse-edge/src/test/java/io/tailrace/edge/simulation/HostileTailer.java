package io.tailrace.edge.simulation;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.log.LogComparison;
import io.tailrace.edge.log.ReadLog;
import io.tailrace.edge.simulation.SimLog.Partition;
import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.PartitionFacts;
import io.tailrace.edge.window.PartitionId;
import io.tailrace.edge.window.PartitionWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Tails one partition. */
final class HostileTailer {
    private final PartitionId id;
    private final HostileTails edge;
    private final SimLog log;
    private final Random random;
    private final long windowBytes;
    private final List<SimLoop> loops = new ArrayList<>();
    private Generation generation;
    private SimBranch branch;
    private long logVersion;
    private PartitionWindow window;
    private boolean available;
    private @Nullable Batch latest;

    HostileTailer(PartitionId id, HostileTails edge, SimLog log, Random random, long windowBytes) {
        this.id = id;
        this.edge = edge;
        this.log = log;
        this.random = random;
        this.windowBytes = windowBytes;
        this.generation = log.current(id).generation;
        this.branch = log.current(id).branch();
        this.window = window(edge.find(id, null).facts());
        this.logVersion = edge.logVersion(id);
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
        } else if (partition.branch() != branch || (chaos && random.nextInt(60) == 0)) {
            // A consumer does not read from a leader of another epoch before it has compared the logs.
            if (!chaos || random.nextInt(3) == 0) {
                compare(partition);
            }
        } else if (chaos && random.nextInt(40) == 0 && partition.end() > window.head() + 3) {
            window = window(partition, window.head() + 2);
        } else if (partition.end() > window.head()) {
            if (partition.logStart > window.head()) {
                window = window(partition, partition.logStart);
                if (partition.end() == window.head()) {
                    loops.forEach(this::announce);
                    return;
                }
            }
            tail(partition, chaos ? 1 + random.nextInt(12) : 100);
        }
    }

    /** Looks at what has changed, though it has not come to it yet. */
    void notice() {
        Partition partition = log.current(id);
        if (!partition.generation.equals(generation)) {
            edge.noticeRecreated(id.namespace());
        } else if (partition.branch() != branch) {
            compare(partition);
        }
    }

    boolean isAtEnd() {
        Partition partition = log.current(id);
        return available
                && partition.generation.equals(generation)
                && partition.branch() == branch
                && partition.end() == window.head();
    }

    private void tail(Partition partition, int records) {
        long to = Math.min(partition.end(), window.head() + records);
        // A driver may hand out again what a loop has seen.
        long from = random.nextInt(8) == 0 ? Math.max(window.start(), window.head() - 2) : window.head();
        Batch batch = partition.read(from, to);
        if (batch.toOffset() <= window.head()) {
            batch = partition.read(window.head(), to);
        }
        hand(batch);
    }

    private void hand(Batch batch) {
        window.append(batch);
        latest = batch;
        loops.forEach(loop -> loop.later(core -> core.onBatch(batch)));
    }

    /** The topic is another one: what was known of it is of no use. */
    void restart(boolean announceTopic) {
        Partition partition = log.current(id);
        generation = partition.generation;
        branch = partition.branch();
        window = window(partition, partition.logStart);
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

    /** The position was lost, because the log was truncated or for another reason, and is looked for. */
    private void compare(Partition partition) {
        LogComparison.Found found = edge.find(id, ReadLog.of(generation, window));
        branch = partition.branch();
        edge.nextLogVersion(id);
        logVersion = edge.logVersion(id);
        LogComparison.Divergence divergence = found.divergence();
        PartitionFacts now = found.facts();
        PartitionFacts facts =
                new PartitionFacts(id, generation, now.logStart(), now.head(), now.headEpoch(), logVersion);
        for (SimLoop loop : loops) {
            if (divergence == LogComparison.NOWHERE) {
                loop.later(core -> core.onRejoined(facts));
            } else {
                loop.later(core -> core.onTruncated(facts, divergence.offset(), divergence.epoch()));
            }
        }
        window = window(found.facts());
        loops.forEach(this::announce);
    }

    private PartitionWindow window(PartitionFacts facts) {
        return new PartitionWindow(facts.head(), facts.headEpoch(), windowBytes);
    }

    private PartitionWindow window(Partition partition, long head) {
        return new PartitionWindow(head, partition.branch().epochBefore(head), windowBytes);
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
        PartitionFacts facts = new PartitionFacts(
                id, generation, Math.min(partition.logStart, head), head, window.headEpoch(), logVersion);
        List<Batch> batches = window.batches();
        loop.later(core -> core.onPartitionReady(facts, batches));
    }
}
