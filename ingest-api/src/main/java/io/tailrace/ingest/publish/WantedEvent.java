package io.tailrace.ingest.publish;

import org.jspecify.annotations.Nullable;

/**
 * An event that somebody wants to publish.
 *
 * @param type its type, of the grammar and not reserved
 * @param data its data, JSON on one line
 * @param id the id that its publisher gave it, or null
 */
record WantedEvent(String type, byte[] data, @Nullable String id) {}
