package io.tailrace.search;

import io.tailrace.search.drive.Reindexing;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Tells a person how far a rebuild is: on a terminal in one line that changes, elsewhere in a line every few seconds. */
final class ReindexProgress implements Reindexing.Listener {
    private static final long TERMINAL_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long ELSEWHERE_NS = TimeUnit.SECONDS.toNanos(2);

    private final String index;
    private final PrintStream out;
    private final boolean terminal;
    private long startedNs = System.nanoTime();
    private long startedAt = -1;
    private long saidNs = System.nanoTime() - ELSEWHERE_NS;
    private long done;

    ReindexProgress(String index, PrintStream out, boolean terminal) {
        this.index = index;
        this.out = out;
        this.terminal = terminal;
    }

    @Override
    public void begins(String name, boolean resumed) {
        out.println(
                index + ": " + (resumed ? "goes on with " : "builds ") + name + "; the old one is searched meanwhile");
    }

    @Override
    public void progress(long records, long total) {
        if (startedAt < 0) {
            startedAt = records;
            startedNs = System.nanoTime();
        }
        done = records;
        long nowNs = System.nanoTime();
        if (nowNs - saidNs >= (terminal ? TERMINAL_NS : ELSEWHERE_NS) || records >= total) {
            saidNs = nowNs;
            double seconds = (nowNs - startedNs) / 1e9;
            double perSecond = seconds > 0 ? (records - startedAt) / seconds : 0;
            String left =
                    perSecond > 0 ? String.format(Locale.ROOT, ", %.0f s left", (total - records) / perSecond) : "";
            say(String.format(
                    Locale.ROOT,
                    "%s: %,d of %,d records (%d %%), %,.0f/s%s",
                    index,
                    records,
                    total,
                    total == 0 ? 100 : records * 100 / total,
                    perSecond,
                    left));
        }
    }

    @Override
    public void waits(String reason) {
        say(index + ": waits for a server (" + reason + ")");
    }

    void ended(Reindexing.Outcome outcome) {
        if (terminal) {
            out.println();
        }
        out.println(
                switch (outcome) {
                    case SWAPPED -> index + ": done; the new index is searched, the old one is dropped";
                    case STOPPED -> index + ": stopped after " + done + " records; run it again to go on";
                    case LOST ->
                        index
                                + ": the new index or the topic was deleted meanwhile, or the log was truncated; run"
                                + " it again";
                });
    }

    private void say(String line) {
        if (terminal) {
            out.print("\r" + line + "\u001b[K");
            out.flush();
        } else {
            out.println(line);
        }
    }
}
