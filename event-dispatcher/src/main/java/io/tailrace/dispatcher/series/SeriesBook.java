package io.tailrace.dispatcher.series;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a task knows of its windows. Belongs to one task. */
interface SeriesBook {
    /** The task's time as it was kept last, in milliseconds since the epoch; 0 at first. */
    long clockMs();

    /** Keeps the task's time. */
    void putClock(long nowMs);

    /** The lengths of windows as they were kept last, in milliseconds, from the finest to the coarsest; empty at first. */
    List<Long> lengths();

    /** Keeps the lengths of windows. */
    void putLengths(List<Long> lengthsMs);

    /** Which windows of a length there still are; {@link Extent#ALL} at first. */
    Extent extent(long lengthMs);

    /** Keeps that. */
    void putExtent(long lengthMs, Extent extent);

    /** When the latest window of a length ends, in milliseconds since the epoch; 0 if there is none. */
    long latestEndMs(long lengthMs);

    /** The window, a copy that the caller may change; null if there is none. */
    @Nullable
    Window window(WindowKey key);

    /** Keeps a window. */
    void put(WindowKey key, Window window);

    /** Forgets a window. */
    void remove(WindowKey key);

    /**
     * The earliest windows of a length.
     *
     * @param startMs only those that begin before this
     */
    List<WindowKey> before(long lengthMs, long startMs, int limit);

    /** The windows that have changed since they were told. */
    List<WindowKey> untold();

    /** Remembers that a window has changed since it was told. */
    void putUntold(WindowKey key);

    /** Forgets that. */
    void removeUntold(WindowKey key);
}
