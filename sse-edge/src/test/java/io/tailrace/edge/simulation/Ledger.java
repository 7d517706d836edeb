package io.tailrace.edge.simulation;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Cursor.LaggingChannel;
import io.tailrace.contracts.cursor.Cursor.PartitionPosition;
import io.tailrace.contracts.cursor.Cursor.TopicPosition;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.simulation.SimLog.Partition;
import io.tailrace.edge.window.PartitionId;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one client was told and given of each channel, held against the log. Every frame with an id must leave the id and
 * the ledger in agreement: nothing lies between what was given and what the id promises.
 */
final class Ledger {
    /**
     * Everything of a channel below an offset was given, or was told to be lost.
     *
     * @param generation null until an id has said which one the offset belongs to
     */
    record Position(long offset, @Nullable Generation generation) {}

    private final SimLog log;
    private Map<String, Position> positions = new HashMap<>();

    /** As of the last id: what is left of a connection that is cut. */
    private Map<String, Position> committed = new HashMap<>();

    Ledger(SimLog log) {
        this.log = log;
    }

    boolean has(String channel) {
        return positions.containsKey(channel);
    }

    void forget(String channel) {
        positions.remove(channel);
    }

    void forgetAll() {
        positions.clear();
        committed.clear();
    }

    void cut() {
        positions = new HashMap<>(committed);
    }

    /** A channel begins at an offset, of the generation that the next id names. */
    void begin(String channel, long offset) {
        positions.put(channel, new Position(offset, null));
    }

    /** The server says that a channel goes on from an offset: nothing may lie between that and where it is. */
    void goesOnFrom(String channel, long offset) {
        Position position = position(channel);
        requireNothingBetween(channel, position, offset, "start");
    }

    /** An event of a channel. */
    void given(String channel, Generation generation, long offset) {
        Position position = position(channel);
        Partition partition = partition(channel, generation);
        if (position.generation() != null && !position.generation().equals(generation)) {
            throw new AssertionError(channel + ": event of " + generation + " after " + position);
        }
        long expected = partition.firstOf(channel, position.offset());
        if (expected != offset) {
            throw new AssertionError(channel + ": " + (offset < position.offset() ? "repeated " : "lost before ")
                    + offset + ", expected " + expected + " after " + position);
        }
        positions.put(channel, new Position(offset + 1, generation));
    }

    /** A gap was told. */
    void lost(String channel, long from, long to) {
        Position position = position(channel);
        requireNothingBetween(channel, position, from, "gap");
        Generation generation = position.generation();
        if (generation != null && to > partition(channel, generation).logStart) {
            throw new AssertionError(channel + ": gap to " + to + " though the log starts at "
                    + partition(channel, generation).logStart);
        }
        positions.put(channel, new Position(to, generation));
    }

    /** An id arrived. */
    void commit(Cursor cursor) {
        for (Map.Entry<String, Position> entry : positions.entrySet()) {
            String channel = entry.getKey();
            Position promised = promised(cursor, log.partitionOf(channel), channel);
            if (promised == null) {
                throw new AssertionError(channel + ": missing in " + cursor);
            }
            Position position = entry.getValue();
            if (position.generation() != null && !position.generation().equals(promised.generation())) {
                throw new AssertionError(channel + ": id of " + promised.generation() + ", is at " + position);
            }
            entry.setValue(new Position(position.offset(), promised.generation()));
            requireNothingBetween(channel, entry.getValue(), promised.offset(), "id");
        }
        committed = new HashMap<>(positions);
    }

    /** Where a cursor says that a channel goes on; null if it was not made for it. */
    static @Nullable Position promised(Cursor cursor, PartitionId partition, String channel) {
        for (TopicPosition topic : cursor.topics()) {
            for (PartitionPosition position : topic.partitions()) {
                if (topic.namespace() == partition.namespace()
                        && position.partition() == partition.partition()
                        && position.isMadeFor(Cursor.channelHash(channel))) {
                    long offset = position.lagging().stream()
                            .filter(lagging -> lagging.channelHash() == Cursor.channelHash(channel))
                            .mapToLong(LaggingChannel::nextOffset)
                            .findFirst()
                            .orElse(position.nextOffset());
                    return new Position(offset, topic.generation());
                }
            }
        }
        return null;
    }

    /** Nothing is left to give. */
    void requireAtHead(String channel) {
        Position position = position(channel);
        Partition current = log.current(log.partitionOf(channel));
        if (!current.generation.equals(position.generation())
                || current.hasIn(channel, position.offset(), current.end())) {
            throw new AssertionError(channel + ": at " + position + ", the log of " + current.generation + " has "
                    + current.firstOf(channel, position.offset()) + " of " + current.end());
        }
    }

    private void requireNothingBetween(String channel, Position position, long offset, String what) {
        Generation generation = position.generation();
        if (generation == null) {
            if (position.offset() != offset) {
                throw new AssertionError(channel + ": " + what + " at " + offset + ", began at " + position);
            }
            return;
        }
        Partition partition = partition(channel, generation);
        if (partition.hasIn(channel, position.offset(), offset)) {
            throw new AssertionError(channel + ": " + what + " at " + offset + " skips "
                    + partition.firstOf(channel, position.offset()) + ", is at " + position);
        }
        if (partition.hasIn(channel, offset, position.offset())) {
            throw new AssertionError(channel + ": " + what + " at " + offset + " would repeat "
                    + partition.firstOf(channel, offset) + ", is at " + position);
        }
    }

    private Position position(String channel) {
        Position position = positions.get(channel);
        if (position == null) {
            throw new AssertionError(channel + ": nothing was told about it yet");
        }
        return position;
    }

    private Partition partition(String channel, Generation generation) {
        Partition partition = log.of(log.partitionOf(channel), generation);
        if (partition == null) {
            throw new AssertionError(channel + ": there was never " + generation);
        }
        return partition;
    }
}
