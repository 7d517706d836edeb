package io.tailrace.kit.job.runtime;

import io.tailrace.contracts.job.JobLogLine;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an attempt has logged and the log does not have yet. It takes {@value JobLogLine#MAX_LINES} lines and {@value
 * JobLogLine#MAX_BYTES} bytes of an attempt; what comes afterwards is counted and dropped, so that a handler which logs without end
 * holds up nobody. Thread-safe.
 */
final class LogBuffer {
    private final long intervalMs;
    private final List<JobLogLine> unsent = new ArrayList<>();
    private int lines;
    private int bytes;
    private int dropped;
    private int toldDropped;
    private long takenMs = Long.MIN_VALUE;

    /**
     * Lines to be written together.
     *
     * @param lines in their order
     * @param dropped how many were dropped so far
     */
    record Taken(List<JobLogLine> lines, int dropped) {}

    /**
     * An empty one.
     *
     * @param intervalMs the least time between two takings while the attempt runs
     */
    LogBuffer(long intervalMs) {
        this.intervalMs = intervalMs;
    }

    /** Keeps a line, cut if it is too long, or counts it. */
    synchronized void add(Instant at, String level, String text) {
        String kept = JobLogLine.cut(text);
        int size = JobLogLine.bytes(kept);
        if (dropped > 0 || lines == JobLogLine.MAX_LINES || bytes + size > JobLogLine.MAX_BYTES) {
            dropped = dropped == Integer.MAX_VALUE ? dropped : dropped + 1;
            return;
        }
        lines++;
        bytes += size;
        unsent.add(new JobLogLine(lines, at, level, kept));
    }

    /**
     * What is to be written now; null if there is nothing.
     *
     * @param isLast whether the attempt has ended, so that nothing waits any longer. Before that, that lines are dropped is told once
     */
    synchronized @Nullable Taken take(long nowMs, boolean isLast) {
        boolean news = !unsent.isEmpty() || dropped > toldDropped && (isLast || toldDropped == 0);
        boolean early = takenMs != Long.MIN_VALUE && nowMs - takenMs < intervalMs;
        if (!news || early && !isLast) {
            return null;
        }
        Taken taken = new Taken(List.copyOf(unsent), dropped);
        unsent.clear();
        toldDropped = dropped;
        takenMs = nowMs;
        return taken;
    }
}
