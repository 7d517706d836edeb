package io.tailrace.dispatcher.series;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Windows as they are now: those of readings as they are kept, others merged anew if one of their parts has changed. One task's. */
final class WindowMerge {
    private final SeriesBook book;
    private final List<Long> lengths;
    private final Predicate<WindowKey> hasChanged;

    /**
     * Of a book.
     *
     * @param lengths of windows, in milliseconds, from the finest to the coarsest
     * @param hasChanged whether a window has changed since it was merged
     */
    WindowMerge(SeriesBook book, List<Long> lengths, Predicate<WindowKey> hasChanged) {
        this.book = book;
        this.lengths = lengths;
        this.hasChanged = hasChanged;
    }

    /** The window; null if it has no reading. */
    @Nullable
    Window current(WindowKey key) {
        int level = lengths.indexOf(key.lengthMs());
        if (level <= 0 || !hasChanged.test(key)) {
            return book.window(key);
        }
        long finerMs = lengths.get(level - 1);
        Window merged = new Window();
        for (long startMs = key.startMs(); startMs < key.endMs(); startMs += finerMs) {
            Window part = current(new WindowKey(finerMs, startMs, key.metric()));
            if (part != null) {
                merged.addAll(part);
            }
        }
        if (merged.count() == 0) {
            return book.window(key);
        }
        book.put(key, merged);
        return merged;
    }
}
