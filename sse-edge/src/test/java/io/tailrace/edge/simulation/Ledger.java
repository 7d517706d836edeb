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
import java.util.function.BiPredicate;
import java.util.stream.IntStream;
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
     * @param branches the logs, before and after truncations, that it may be a position in: a bit for each
     * @param promised where the last id has said that it is; not below {@code offset}
     */
    record Position(long offset, @Nullable Generation generation, long branches, long promised) {
        Position(long offset, @Nullable Generation generation) {
            this(offset, generation, ALL, offset);
        }
    }

    private static final long ALL = -1;

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
        var unused = requireNothingBetween(channel, position, offset, "start");
    }

    /** An event of a channel. */
    void given(String channel, Generation generation, long offset, int epoch) {
        Position position = position(channel);
        Partition partition = partition(channel, generation);
        if (position.generation() != null && !position.generation().equals(generation)) {
            throw new AssertionError(channel + ": event of " + generation + " after " + position + " of " + partition);
        }
        long branches = matching(
                partition,
                position,
                (branch, from) -> branch.firstOf(channel, from) == offset && branch.epochAt(offset) == epoch);
        if (branches == 0) {
            throw new AssertionError(channel + ": " + (offset < position.offset() ? "repeated " : "lost before ")
                    + offset + " of epoch " + epoch + ", expected " + partition.firstOf(channel, position.offset())
                    + " after " + position + " of " + partition);
        }
        positions.put(
                channel, new Position(offset + 1, generation, branches, Math.max(position.promised(), offset + 1)));
    }

    /** The channel goes on in a log that was cut: all of it that the client has not got must lie behind {@code offset}. */
    void truncatedTo(String channel, long offset) {
        Position position = position(channel);
        Generation generation = position.generation();
        if (generation == null) {
            begin(channel, offset);
            return;
        }
        Partition partition = partition(channel, generation);
        long branches = 0;
        for (int from = 0; from < partition.branches.size(); from++) {
            for (int to = from; (position.branches() >> from & 1) == 1 && to < partition.branches.size(); to++) {
                long common = Math.min(position.offset(), SimBranch.common(partition.branches, from, to));
                branches |= partition.branches.get(to).hasIn(channel, common, offset) ? 0 : 1L << to;
            }
        }
        if (branches == 0) {
            throw new AssertionError(channel + ": reset to " + offset + " skips something, is at " + position);
        }
        if (partition.branches.size() == 1) {
            throw new AssertionError(channel + ": reset to " + offset + " though nothing was truncated");
        }
        positions.put(channel, new Position(offset, null, branches, offset));
    }

    /** A gap was told. */
    void lost(String channel, long from, long to) {
        Position position = position(channel);
        long branches = requireNothingBetween(channel, position, from, "gap");
        Generation generation = position.generation();
        if (generation != null && to > partition(channel, generation).logStart) {
            throw new AssertionError(channel + ": gap to " + to + " though the log starts at "
                    + partition(channel, generation).logStart);
        }
        positions.put(channel, new Position(to, generation, branches, to));
    }

    /** An id arrived. */
    void commit(Cursor cursor) {
        for (Map.Entry<String, Position> entry : positions.entrySet()) {
            String channel = entry.getKey();
            Position promised = promised(cursor, log.partitionOf(channel), channel);
            if (promised == null) {
                throw new AssertionError(channel + ": missing in " + cursor);
            }
            Position position = position(channel);
            if (position.generation() != null && !position.generation().equals(promised.generation())) {
                throw new AssertionError(channel + ": id of " + promised.generation() + ", is at " + position);
            }
            Position known =
                    new Position(position.offset(), promised.generation(), position.branches(), position.promised());
            long branches = requireNothingBetween(channel, known, promised.offset(), "id");
            entry.setValue(new Position(
                    position.offset(),
                    promised.generation(),
                    branches,
                    Math.max(position.offset(), promised.offset())));
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
        boolean reached = matching(current, position, (branch, from) -> branch == current.branch()) != 0;
        if (!current.generation.equals(position.generation())
                || !reached
                || current.hasIn(channel, position.offset(), current.end())) {
            throw new AssertionError(channel + ": at " + position + ", the log of " + current.generation + " has "
                    + current.firstOf(channel, position.offset()) + " of " + current.end());
        }
    }

    /** The logs in which nothing lies between a position and an offset; at least one. */
    private long requireNothingBetween(String channel, Position position, long offset, String what) {
        Generation generation = position.generation();
        if (generation == null) {
            if (position.offset() != offset) {
                throw new AssertionError(channel + ": " + what + " at " + offset + ", began at " + position);
            }
            return position.branches();
        }
        Partition partition = partition(channel, generation);
        long branches = matching(
                partition,
                position,
                (branch, from) -> !branch.hasIn(channel, from, offset) && !branch.hasIn(channel, offset, from));
        if (branches == 0) {
            throw new AssertionError(channel + ": " + what + " at " + offset + " skips or would repeat "
                    + partition.firstOf(channel, Math.min(offset, position.offset())) + ", is at " + position + " of "
                    + partition);
        }
        return branches;
    }

    /**
     * The logs that a position may be in, because all before it is the same there, and that look as is said from there on. Of what
     * retention has taken nobody can tell whether it was the same: such a log is looked at from its start on.
     */
    private static long matching(Partition partition, Position position, BiPredicate<SimBranch, Long> look) {
        long branches = 0;
        for (int i = 0; i < partition.branches.size(); i++) {
            boolean reached = false;
            for (int j = 0; j < partition.branches.size() && !reached; j++) {
                reached = (position.branches() >> j & 1) == 1
                        && position.offset() <= SimBranch.common(partition.branches, i, j);
            }
            SimBranch branch = partition.branches.get(i);
            boolean taken = position.offset() <= partition.logStart && wasCutBefore(partition, i, partition.logStart);
            boolean fits = (reached && look.test(branch, position.offset()))
                    || (taken && look.test(branch, partition.logStart));
            branches |= fits ? 1L << i : 0;
        }
        return branches;
    }

    private static boolean wasCutBefore(Partition partition, int branch, long offset) {
        return IntStream.range(0, branch).anyMatch(j -> SimBranch.common(partition.branches, branch, j) < offset);
    }

    private Position position(String channel) {
        Position position = positions.get(channel);
        if (position == null) {
            throw new AssertionError(channel + ": nothing was told about it yet");
        }
        Generation generation = position.generation();
        if (generation != null && position.promised() <= partition(channel, generation).logStart) {
            // Of what retention has deleted nobody can tell any more whether it had been truncated before.
            return new Position(position.promised(), generation);
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
