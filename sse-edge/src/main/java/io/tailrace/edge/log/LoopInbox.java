package io.tailrace.edge.log;

import io.tailrace.edge.stream.StreamLoop;
import java.util.function.Consumer;

/** How the threads that read the log reach an event loop. Thread-safe. */
public interface LoopInbox {
    /**
     * Has {@code input} run on the loop's thread, after everything that the same thread has posted before. Ignored when
     * the loop has ended.
     *
     * @param bytes what the input holds in memory, for {@link #backlogBytes()}
     */
    void post(Consumer<StreamLoop> input, long bytes);

    /** Bytes that were posted and that the loop has not taken yet. */
    long backlogBytes();
}
