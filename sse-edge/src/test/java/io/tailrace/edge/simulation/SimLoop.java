package io.tailrace.edge.simulation;

import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.log.LoopInbox;
import io.tailrace.edge.stream.LogPort;
import io.tailrace.edge.stream.LoopStats;
import io.tailrace.edge.stream.StreamLoop;
import io.tailrace.edge.stream.StreamSettings;
import io.tailrace.edge.window.PartitionId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One event loop of an edge: the core under test, and what is under way to it. */
final class SimLoop implements LogPort, LoopInbox {
    /** What the control frames and ids of one stream may come to between two reads of its client. */
    private static final int CONTROL_BYTES = 3_000;

    final StreamLoop core;
    final List<SimSink> sinks = new ArrayList<>();
    private final SimEdge edge;
    private final Random random;

    /** From tailers, in order. */
    private final ArrayDeque<Consumer<StreamLoop>> inbox = new ArrayDeque<>();

    /** From the replay reader and for log ends, in no particular order. */
    private final List<Consumer<StreamLoop>> replies = new ArrayList<>();

    private long backlogBytes;
    private boolean more;
    private @Nullable AssertionError unexpected;

    SimLoop(SimEdge edge, StreamSettings settings, Random random) {
        this.edge = edge;
        this.random = random;
        this.core = new StreamLoop(settings, this, new Random(random.nextLong()), this::survived);
    }

    private void survived(String during, Throwable cause) {
        if (!(cause instanceof SimFault)) {
            unexpected = new AssertionError("a fault in " + during + ": " + cause, cause);
        }
    }

    /** What the core has survived must have been thrown on purpose. */
    void requireOnlyPlannedFaults() {
        if (unexpected != null) {
            throw unexpected;
        }
    }

    /** What sinks hold is what the core believes, or less, and bounded but for control frames and ids. */
    void requireBounded(LoopStats stats, StreamSettings settings) {
        sinks.removeIf(sink -> sink.isOver() && sink.pendingBytes() == 0);
        long pending = sinks.stream().mapToLong(SimSink::pendingBytes).sum();
        long bound = settings.pendingBytes()
                + settings.appendBytes()
                + (long) sinks.size() * (settings.reserveBytes() + CONTROL_BYTES);
        if (pending > stats.pendingBytes() || pending > bound) {
            throw new AssertionError("pending " + pending + " of at most " + bound + ": " + stats);
        }
    }

    void later(Consumer<StreamLoop> message) {
        inbox.addLast(message);
    }

    void reply(Consumer<StreamLoop> message) {
        replies.add(message);
    }

    /** Handles some of what is under way, and takes a turn or not. */
    void step(long nowMs, boolean all) {
        int messages = all ? inbox.size() : Math.min(inbox.size(), random.nextInt(4));
        for (int i = 0; i < messages; i++) {
            inbox.removeFirst().accept(core);
        }
        int answers = all ? replies.size() : Math.min(replies.size(), random.nextInt(3));
        for (int i = 0; i < answers; i++) {
            replies.remove(random.nextInt(replies.size())).accept(core);
        }
        if (all || random.nextInt(4) > 0) {
            more = core.turn(nowMs);
        }
    }

    @Override
    public void post(Consumer<StreamLoop> input, long bytes) {
        backlogBytes += bytes;
        later(core -> {
            backlogBytes -= bytes;
            input.accept(core);
        });
    }

    @Override
    public long backlogBytes() {
        return backlogBytes;
    }

    boolean isQuiet() {
        return inbox.isEmpty() && replies.isEmpty() && !more;
    }

    @Override
    public void subscribe(PartitionId partition) {
        edge.tail().subscribe(this, partition);
    }

    @Override
    public void release(PartitionId partition) {
        edge.release(this, partition);
    }

    @Override
    public void requestLogEnd(PartitionId partition, int epoch, long ask) {
        edge.tail().requestLogEnd(this, partition, epoch, ask);
    }

    @Override
    public void requestReplay(PartitionId partition, Generation generation, long fromOffset) {
        edge.requestReplay(this, partition, generation, fromOffset);
    }
}
