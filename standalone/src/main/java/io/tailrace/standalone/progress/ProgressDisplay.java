package io.tailrace.standalone.progress;

import io.tailrace.kit.time.MonotonicTime;
import io.tailrace.standalone.data.RunState;
import io.tailrace.standalone.data.RunState.PartStatus;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows progress: on a terminal as a table that is drawn again in place, elsewhere as a line for each change. Thread-safe.
 */
public final class ProgressDisplay implements AutoCloseable {
    private static final long REDRAW_MS = 200;
    private static final double MS_PER_S = 1000;

    private final PrintStream out;
    private final boolean terminal;
    private final LongSupplier nowMs;
    private final @Nullable Thread redraw;
    private final Map<String, Long> changedMs = new HashMap<>();
    private long startedMs;
    private final Map<String, String> noted = new HashMap<>();
    private Map<String, String> before = Map.of();
    private @Nullable RunState shown;
    private int drawnLines;
    private boolean stopping;

    /** A display on {@code out}, which is a terminal or not. */
    public ProgressDisplay(PrintStream out, boolean terminal) {
        this(out, terminal, MonotonicTime::nowMs);
    }

    /**
     * The same with another clock.
     *
     * @param nowMs never goes back. A state comes from another process, whose clock of that kind is of no use here, so what counts
     *     is when this display has seen it
     */
    ProgressDisplay(PrintStream out, boolean terminal, LongSupplier nowMs) {
        this.out = out;
        this.terminal = terminal;
        this.nowMs = nowMs;
        this.startedMs = nowMs.getAsLong();
        this.redraw = terminal ? Thread.ofVirtual().name("progress").start(this::redraw) : null;
    }

    /** Shows a state. Once everything is up, only what changes is told. */
    public synchronized void show(RunState state) {
        if (state.phase().equals(RunState.STOPPING) && !stopping) {
            stopping = true;
            startedMs = nowMs.getAsLong();
        }
        note(state);
        boolean inPlace = terminal && !state.phase().equals(RunState.UP);
        shown = inPlace ? state : null;
        if (inPlace) {
            draw();
        } else {
            drawnLines = 0;
            ProgressText.changes(before, state, this::secondsUntilChange).forEach(out::println);
        }
        before = ProgressText.states(state);
    }

    /** Prints lines below; from then on the table begins anew. */
    public synchronized void print(List<String> lines) {
        drawnLines = 0;
        shown = null;
        lines.forEach(out::println);
        out.flush();
    }

    /** Seconds since this display was made, or since everything began to stop. */
    public synchronized double elapsedSeconds() {
        return seconds(nowMs.getAsLong() - startedMs);
    }

    private void note(RunState state) {
        for (PartStatus part : state.parts()) {
            if (!part.state().equals(noted.put(part.name(), part.state()))) {
                changedMs.put(part.name(), nowMs.getAsLong());
            }
        }
    }

    private double secondsUntilChange(String part) {
        return seconds(changedMs.getOrDefault(part, startedMs) - startedMs);
    }

    private double secondsSinceChange(String part) {
        return seconds(nowMs.getAsLong() - changedMs.getOrDefault(part, startedMs));
    }

    private static double seconds(long ms) {
        return Math.max(0, ms) / MS_PER_S;
    }

    private void redraw() {
        try {
            while (true) {
                Thread.sleep(REDRAW_MS);
                synchronized (this) {
                    draw();
                }
            }
        } catch (InterruptedException e) {
            // closed
        }
    }

    /** ECMA-48: CUU moves up, EL erases to the end of the line. */
    private void draw() {
        RunState state = shown;
        if (state == null) {
            return;
        }
        StringBuilder text = new StringBuilder();
        if (drawnLines > 0) {
            text.append("\033[").append(drawnLines).append('A');
        }
        List<String> lines = ProgressText.table(state, this::secondsUntilChange, this::secondsSinceChange);
        lines.forEach(line -> text.append(line).append("\033[K\n"));
        drawnLines = lines.size();
        out.print(text);
        out.flush();
    }

    @Override
    public void close() {
        if (redraw != null) {
            redraw.interrupt();
        }
    }
}
