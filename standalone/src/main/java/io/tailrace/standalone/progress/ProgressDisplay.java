package io.tailrace.standalone.progress;

import io.tailrace.standalone.data.RunState;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Shows progress: on a terminal as a table that is drawn again in place, elsewhere as a line for each change. Thread-safe.
 */
public final class ProgressDisplay implements AutoCloseable {
    private static final long REDRAW_MS = 200;

    private final PrintStream out;
    private final boolean terminal;
    private long startedMs = System.currentTimeMillis();
    private final @Nullable Thread redraw;
    private Map<String, String> before = Map.of();
    private @Nullable RunState shown;
    private int drawnLines;
    private boolean stopping;

    /** A display on {@code out}, which is a terminal or not. */
    public ProgressDisplay(PrintStream out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
        this.redraw = terminal ? Thread.ofVirtual().name("progress").start(this::redraw) : null;
    }

    /** Shows a state. Once everything is up, only what changes is told. */
    public synchronized void show(RunState state) {
        if (state.phase().equals(RunState.STOPPING) && !stopping) {
            stopping = true;
            startedMs = System.currentTimeMillis();
        }
        boolean inPlace = terminal && !state.phase().equals(RunState.UP);
        shown = inPlace ? state : null;
        if (inPlace) {
            draw();
        } else {
            drawnLines = 0;
            ProgressText.changes(before, state, startedMs).forEach(out::println);
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
        return (System.currentTimeMillis() - startedMs) / 1000.0;
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
        List<String> lines = ProgressText.table(state, startedMs, System.currentTimeMillis());
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
