package io.tailrace.edge.simulation;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.log.LogComparison;
import io.tailrace.edge.log.ReadLog;
import io.tailrace.edge.window.PartitionId;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Tails that do what a loop must bear and the edge's own tail does rarely or never: repeated batches, late ones, haste. */
final class HostileTails implements SimTail {
    private final SimLog log;
    private final Random random;
    private final long windowBytes;
    private final Map<PartitionId, HostileTailer> tailers = new TreeMap<>();
    private final Map<PartitionId, Long> logVersions = new TreeMap<>();
    private final LogComparison comparison;

    HostileTails(SimLog log, Random random, long windowBytes) {
        this.log = log;
        this.random = random;
        this.windowBytes = windowBytes;
        SimBrokers brokers = SimBrokers.prompt(log, random);
        this.comparison = new LogComparison(brokers, brokers);
    }

    @Override
    public void subscribe(SimLoop loop, PartitionId partition) {
        HostileTailer tailer = tailers.get(partition);
        if (tailer == null) {
            noticeRecreated(partition.namespace());
            tailer = new HostileTailer(partition, this, log, random, windowBytes);
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

    @Override
    public void release(SimLoop loop, PartitionId partition) {
        HostileTailer tailer = tailers.get(partition);
        if (tailer != null && tailer.release(loop) && random.nextBoolean()) {
            tailers.remove(partition);
            nextLogVersion(partition);
        }
    }

    @Override
    public void requestLogEnd(SimLoop loop, PartitionId partition, int epoch, long ask) {
        if (random.nextInt(4) == 0) {
            answerLogEnd(loop, partition, epoch, ask);
        } else {
            loop.reply(core -> answerLogEnd(loop, partition, epoch, ask));
        }
    }

    /** As the edge's own tail: of a log that was not compared yet nothing is said, and answers come among the batches. */
    private void answerLogEnd(SimLoop loop, PartitionId partition, int epoch, long ask) {
        HostileTailer tailer = tailers.get(partition);
        if (tailer == null) {
            return;
        }
        tailer.notice();
        LogComparison.End answer =
                comparison.end(partition, epoch).toCompletableFuture().join();
        Generation generation = answer.facts().generation();
        loop.later(core -> core.onLogEnd(partition, generation, answer.end(), ask));
    }

    /** Where a partition is, and what is left of what was read of it. */
    LogComparison.Found find(PartitionId partition, @Nullable ReadLog read) {
        return comparison.find(partition, read).toCompletableFuture().join();
    }

    @Override
    public @Nullable Generation generation(int namespace) {
        return log.current(new PartitionId(namespace, 0)).generation;
    }

    @Override
    public long logVersion(PartitionId partition) {
        return logVersions.getOrDefault(partition, 0L);
    }

    void nextLogVersion(PartitionId partition) {
        logVersions.merge(partition, 1L, Long::sum);
    }

    @Override
    public void step(long nowMs) {
        if (!tailers.isEmpty()) {
            List<HostileTailer> all = List.copyOf(tailers.values());
            all.get(random.nextInt(all.size())).step(true);
        }
    }

    @Override
    public void settle(long nowMs) {
        tailers.values().forEach(tailer -> tailer.step(false));
    }

    @Override
    public boolean isAtEnd() {
        return tailers.values().stream().allMatch(HostileTailer::isAtEnd);
    }
}
