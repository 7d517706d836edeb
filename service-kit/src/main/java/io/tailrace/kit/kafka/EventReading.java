package io.tailrace.kit.kafka;

import io.tailrace.contracts.event.Event;

/** What a record turned out to be. */
public sealed interface EventReading {
    /**
     * An event.
     *
     * @param event the event; its data is the record's own array
     */
    record Readable(Event event) implements EventReading {}

    /**
     * A record without a value: whatever its key stands for is to be forgotten.
     *
     * @param key the record's key
     */
    record Tombstone(String key) implements EventReading {}

    /**
     * Not an event of Tailrace's form: a dead letter.
     *
     * @param reason what is wrong, with the offending name or value
     */
    record Unreadable(String reason) implements EventReading {}
}
