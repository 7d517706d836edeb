package io.tailrace.systemtests.chaos.stream;

import io.tailrace.systemtests.chaos.check.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * What a client did and saw, for the checker to take, and the last of it for people to read. Bounded: a client that is far
 * ahead of the checker waits for it. Thread-safe; one thread takes.
 */
public final class Diary {
    private static final int MAX_UNTAKEN = 100_000;
    private static final int MAX_REMEMBERED = 400;

    private final LinkedBlockingQueue<Line> untaken = new LinkedBlockingQueue<>(MAX_UNTAKEN);
    private final Deque<Line> last = new ArrayDeque<>();

    /**
     * A line.
     *
     * @param atMs when, milliseconds since 1970
     * @param entry what
     */
    public record Line(long atMs, Entry entry) {}

    /** The oldest line that was not taken yet, or null. */
    public @Nullable Line peek() {
        return untaken.peek();
    }

    /** Takes the line that {@link #peek} gave. */
    public void taken() {
        Line line = untaken.poll();
        if (line != null) {
            synchronized (last) {
                last.addLast(line);
                if (last.size() > MAX_REMEMBERED) {
                    last.removeFirst();
                }
            }
        }
    }

    /** The last lines that were taken, and those that were not. */
    public List<String> text() {
        List<String> text = new ArrayList<>();
        synchronized (last) {
            last.forEach(line -> text.add(line.atMs + " " + line.entry));
        }
        untaken.forEach(line -> text.add(line.atMs + " (not checked) " + line.entry));
        return text;
    }

    void write(Entry entry) throws InterruptedException {
        untaken.put(new Line(System.currentTimeMillis(), entry));
    }
}
