package io.tailrace.workers.projection;

import io.tailrace.contracts.event.Event;

/** A record of the log as a projection sees it. */
public sealed interface LogEntry {
    /** The record's key. */
    String key();

    /**
     * Something happened.
     *
     * @param key the record's key
     * @param event what happened
     */
    record Fact(String key, Event event) implements LogEntry {}

    /**
     * Everything about the key is to be forgotten: a record without a value.
     *
     * @param key the record's key
     */
    record Tombstone(String key) implements LogEntry {}
}
