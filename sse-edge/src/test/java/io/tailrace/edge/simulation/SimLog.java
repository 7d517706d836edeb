package io.tailrace.edge.simulation;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.BatchBuilder;
import io.tailrace.edge.window.PartitionId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The log of the simulated world: topics with partitions, records with holes, retention, recreation. Remembers all. */
final class SimLog {
    /** One partition in one generation. */
    static final class Partition {
        final PartitionId id;
        final Generation generation;

        /** The channel of the record at each offset; null for a hole. */
        final List<@Nullable String> channels = new ArrayList<>();

        final Map<String, TreeSet<Long>> offsetsByChannel = new HashMap<>();
        long logStart;

        Partition(PartitionId id, Generation generation) {
            this.id = id;
            this.generation = generation;
        }

        long end() {
            return channels.size();
        }

        /** The first record of a channel at or after an offset, whether retention has deleted it or not. */
        long firstOf(String channel, long from) {
            TreeSet<Long> offsets = offsetsByChannel.get(channel);
            Long found = offsets == null ? null : offsets.ceiling(from);
            return found == null ? Long.MAX_VALUE : found;
        }

        /** Whether a channel has a record in a range. */
        boolean hasIn(String channel, long from, long to) {
            return firstOf(channel, from) < to;
        }

        /** Adds what lies in a range to a batch. */
        void read(BatchBuilder batch, long from, long to) {
            for (long offset = from; offset < to; offset++) {
                String channel = channels.get((int) offset);
                if (channel != null) {
                    batch.add(offset, channel, "e", "i" + offset, "t", value(channel, offset));
                }
            }
        }

        private byte[] value(String channel, long offset) {
            String filler = "x".repeat((int) (offset * 7919 % 90));
            String json = "{\"c\":\"" + channel + "\",\"g\":" + generation.bits() + ",\"o\":" + offset
                    + (offset % 5 == 0 ? ",\n" : ",") + "\"f\":\"" + filler + "\"}";
            return json.getBytes(StandardCharsets.UTF_8);
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
            long offset = partition.end();
            boolean hole = kind == 1 || (kind == 0 && random.nextInt(4) == 0);
            partition.channels.add(hole ? null : channel);
            if (!hole) {
                partition
                        .offsetsByChannel
                        .computeIfAbsent(channel, c -> new TreeSet<>())
                        .add(offset);
            }
        }
    }

    /** Retention moves the start of a partition. */
    void truncate() {
        List<Partition> all = partitions();
        Partition partition = all.get(random.nextInt(all.size()));
        long length = partition.end() - partition.logStart;
        partition.logStart += random.nextInt(4) == 0 ? length : length / 2;
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
