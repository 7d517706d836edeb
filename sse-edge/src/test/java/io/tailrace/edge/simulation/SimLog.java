package io.tailrace.edge.simulation;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.log.EpochEnds.EpochEnd;
import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.BatchBuilder;
import io.tailrace.edge.window.PartitionFacts;
import io.tailrace.edge.window.PartitionId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The log of the simulated world: topics with partitions, records with holes, retention, elections that lose records,
 * recreation. Remembers all.
 */
final class SimLog {
    /** One partition in one generation. */
    static final class Partition {
        final PartitionId id;
        final Generation generation;

        /** All logs that it ever was, the current one last. */
        final List<SimBranch> branches = new ArrayList<>(List.of(new SimBranch()));

        int leaderEpoch;
        long logStart;

        Partition(PartitionId id, Generation generation) {
            this.id = id;
            this.generation = generation;
        }

        @Override
        public String toString() {
            return id + " from " + logStart + ", epoch " + leaderEpoch + ", " + branches;
        }

        SimBranch branch() {
            return branches.getLast();
        }

        long end() {
            return branch().end();
        }

        /** The first record of a channel at or after an offset, whether retention has deleted it or not. */
        long firstOf(String channel, long from) {
            return branch().firstOf(channel, from);
        }

        /** Whether a channel has a record in a range. */
        boolean hasIn(String channel, long from, long to) {
            return branch().hasIn(channel, from, to);
        }

        /** A batch of what lies in a range, up to where the epoch changes. */
        Batch read(long from, long limit) {
            return read(branch(), new BatchBuilder(id, generation, from), from, limit, channel -> true);
        }

        /** The same of some channels only, and of any of the logs that it ever was. */
        Batch read(SimBranch branch, BatchBuilder batch, long from, long limit, Predicate<String> wanted) {
            long to = branch.sameEpochEnd(from, limit);
            batch.ofEpoch(branch.epochAt(from));
            for (long offset = from; offset < to; offset++) {
                String channel = branch.channelAt(offset);
                if (channel != null && wanted.test(channel)) {
                    branch.read(batch, offset, generation.bits());
                }
            }
            return batch.build(to);
        }

        /** The records in a range, as a consumer gets them. */
        List<ConsumerRecord<byte[], byte[]>> records(TopicPartition topicPartition, long from, long to) {
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            for (long offset = from; offset < to; offset++) {
                if (branch().channelAt(offset) != null) {
                    records.add(branch().record(topicPartition, offset, generation.bits()));
                }
            }
            return records;
        }

        /** As brokers tell them: the epoch is the leader's. */
        PartitionFacts facts() {
            return new PartitionFacts(id, generation, logStart, end(), leaderEpoch, 0);
        }

        EpochEnd epochEnd(int epoch) {
            return epoch >= leaderEpoch ? new EpochEnd(leaderEpoch, end()) : branch().epochEnd(epoch, logStart);
        }
    }

    private final Random random;
    private final Map<PartitionId, Partition> current = new TreeMap<>();
    private final Map<String, Partition> byGeneration = new HashMap<>();
    private final Map<Integer, Integer> partitionsByNamespace = new TreeMap<>();
    private final List<String> channels = new ArrayList<>();
    private int generations;

    SimLog(Random random) {
        this.random = random;
        int topics = 1 + random.nextInt(3);
        for (int namespace = 1; namespace <= topics; namespace++) {
            partitionsByNamespace.put(namespace, 1 + random.nextInt(3));
            recreate(namespace);
            int names = 1 + random.nextInt(5);
            for (int i = 0; i < names; i++) {
                channels.add("n" + namespace + ":" + (char) ('a' + i));
            }
        }
        for (int i = random.nextInt(60); i > 0; i--) {
            append();
        }
    }

    List<String> channels() {
        return channels;
    }

    List<Partition> partitions() {
        return List.copyOf(current.values());
    }

    int topics() {
        return partitionsByNamespace.size();
    }

    PartitionId partitionOf(String channel) {
        int namespace = channel.charAt(1) - '0';
        int partitions = partitionsByNamespace.getOrDefault(namespace, 1);
        return new PartitionId(namespace, (channel.charAt(3) - 'a') % partitions);
    }

    Partition current(PartitionId id) {
        Partition partition = current.get(id);
        if (partition == null) {
            throw new AssertionError("no partition " + id);
        }
        return partition;
    }

    /** A partition as it was in a generation, or null if there was none. */
    @Nullable
    Partition of(PartitionId id, Generation generation) {
        return byGeneration.get(id + "@" + generation.bits());
    }

    /** Appends a record, a run of them, or a hole as a transaction leaves it. */
    void append() {
        String channel = channels.get(random.nextInt(channels.size()));
        Partition partition = current(partitionOf(channel));
        int kind = random.nextInt(10);
        int count = kind == 0 ? 1 + random.nextInt(20) : 1;
        for (int i = 0; i < count; i++) {
            boolean hole = kind == 1 || (kind == 0 && random.nextInt(4) == 0);
            partition.branch().append(hole ? null : channel, partition.leaderEpoch);
        }
    }

    /** Retention moves the start of a partition. */
    void deleteOldest() {
        Partition partition = any();
        long length = partition.end() - partition.logStart;
        partition.logStart += random.nextInt(4) == 0 ? length : length / 2;
    }

    /**
     * Another broker leads a partition: one that has all records, one that has not the newest, or one that was away while the
     * log was cut before, and has what was lost then.
     */
    void elect() {
        Partition partition = any();
        partition.leaderEpoch += 1 + random.nextInt(3) / 2;
        SimBranch parent = partition.branch();
        if (random.nextInt(4) == 0) {
            SimBranch other = partition.branches.get(random.nextInt(partition.branches.size()));
            parent = other.end() < partition.logStart ? parent : other;
        }
        int length = (int) (parent.end() - partition.logStart);
        int lost = 0;
        if (random.nextInt(3) > 0 && length > 0) {
            lost = 1 + random.nextInt(random.nextBoolean() ? length : Math.min(length, 4));
        }
        if (lost > 0 || parent != partition.branch()) {
            partition.branches.add(new SimBranch(partition.branches, parent, parent.end() - lost));
        }
    }

    private Partition any() {
        List<Partition> all = partitions();
        return all.get(random.nextInt(all.size()));
    }

    /** A topic is deleted and created again. */
    void recreate(int namespace) {
        Generation generation = new Generation(++generations);
        for (int i = 0; i < partitionsByNamespace.getOrDefault(namespace, 0); i++) {
            PartitionId id = new PartitionId(namespace, i);
            Partition partition = new Partition(id, generation);
            current.put(id, partition);
            byGeneration.put(id + "@" + generation.bits(), partition);
        }
    }
}
