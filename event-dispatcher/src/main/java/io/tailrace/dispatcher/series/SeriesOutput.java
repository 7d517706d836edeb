package io.tailrace.dispatcher.series;

/** Where windows go. */
interface SeriesOutput {
    /**
     * Tells the state of a window.
     *
     * @param nowMs the time of day, in milliseconds since the epoch
     */
    void tell(WindowKey key, Window window, long nowMs);

    /** Counts a reading that came too late for its window and is in none. */
    void late();

    /** Counts a reading that is too far ahead of the log's time and is in no window. */
    void ahead();
}
