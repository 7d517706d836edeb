package io.tailrace.edge.simulation;

import io.tailrace.contracts.event.Event;
import io.tailrace.edge.log.EpochEnds.EpochEnd;
import io.tailrace.edge.window.BatchBuilder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** A partition's log between two truncations: what is left of one before it, and what was written since. */
final class SimBranch {
    /** Up to where it is the same as each branch before it. */
    private final long[] common;

    /** The channel of the record at each offset; null for a hole. */
    private final List<@Nullable String> channels = new ArrayList<>();

    private final List<Integer> epochs = new ArrayList<>();
    private final Map<String, TreeSet<Long>> offsetsByChannel = new HashMap<>();

    /** The first one of a partition. */
    SimBranch() {
        this.common = new long[0];
    }

    /**
     * Another one's start.
     *
     * @param before all branches of the partition so far
     * @param parent one of them
     */
    SimBranch(List<SimBranch> before, SimBranch parent, long cutAt) {
        for (int offset = 0; offset < cutAt; offset++) {
            append(parent.channels.get(offset), parent.epochs.get(offset));
        }
        this.common = before.stream().mapToLong(this::common).toArray();
    }

    /** A leader's records are those of its epoch: logs with the same epochs are the same. */
    private long common(SimBranch other) {
        long offset = 0;
        while (offset < Math.min(end(), other.end()) && epochAt(offset) == other.epochAt(offset)) {
            offset++;
        }
        return offset;
    }

    /** Up to where two branches of a partition are the same. */
    static long common(List<SimBranch> branches, int one, int other) {
        return one == other ? Long.MAX_VALUE : branches.get(Math.max(one, other)).common[Math.min(one, other)];
    }

    void append(@Nullable String channel, int epoch) {
        if (channel != null) {
            offsetsByChannel.computeIfAbsent(channel, c -> new TreeSet<>()).add(end());
        }
        channels.add(channel);
        epochs.add(epoch);
    }

    @Override
    public String toString() {
        return Arrays.toString(common) + " " + epochs;
    }

    long end() {
        return channels.size();
    }

    @Nullable
    String channelAt(long offset) {
        return channels.get((int) offset);
    }

    int epochAt(long offset) {
        return epochs.get((int) offset);
    }

    /** The epoch of the last record before an offset, 0 if there is none. */
    int epochBefore(long offset) {
        return offset == 0 ? 0 : epochAt(offset - 1);
    }

    /** Up to where the records from an offset on are of one epoch, and not beyond {@code limit}. */
    long sameEpochEnd(long from, long limit) {
        long to = from;
        while (to < limit && epochAt(to) == epochAt(from)) {
            to++;
        }
        return to;
    }

    /** What a leader says of an epoch that is below its own. */
    EpochEnd epochEnd(int epoch, long logStart) {
        long end = end();
        while (end > logStart && epochAt(end - 1) > epoch) {
            end--;
        }
        return end == logStart ? new EpochEnd(epoch, logStart) : new EpochEnd(epochAt(end - 1), end);
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

    /** Adds the record at an offset to a batch, if there is one. */
    void read(BatchBuilder batch, long offset, long generation) {
        String channel = channelAt(offset);
        if (channel != null) {
            batch.add(offset, channel, "e", "i" + offset, "t", value(channel, offset, generation));
        }
    }

    /** The record at an offset, which is no hole, as a consumer gets it. */
    ConsumerRecord<byte[], byte[]> record(TopicPartition topicPartition, long offset, long generation) {
        String channel = Objects.requireNonNull(channelAt(offset));
        return new ConsumerRecord<>(
                topicPartition.topic(),
                topicPartition.partition(),
                offset,
                0,
                TimestampType.CREATE_TIME,
                0,
                0,
                channel.getBytes(StandardCharsets.UTF_8),
                value(channel, offset, generation),
                new RecordHeaders()
                        .add(Event.HEADER_TYPE, "e".getBytes(StandardCharsets.UTF_8))
                        .add(Event.HEADER_ID, ("i" + offset).getBytes(StandardCharsets.UTF_8))
                        .add(Event.HEADER_TIME, "t".getBytes(StandardCharsets.UTF_8)),
                Optional.of(epochAt(offset)));
    }

    private byte[] value(String channel, long offset, long generation) {
        String filler = "x".repeat((int) (offset * 7919 % 90));
        String json = "{\"c\":\"" + channel + "\",\"g\":" + generation + ",\"o\":" + offset + ",\"e\":"
                + epochAt(offset) + (offset % 5 == 0 ? ",\n" : ",") + "\"f\":\"" + filler + "\"}";
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
