package io.tailrace.search.document;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a record does to an index. */
public sealed interface DocumentChange {
    /** The document's id. */
    UUID id();

    /**
     * The document is there, and looks like this.
     *
     * @param id its id
     * @param fields its fields by the names of the mapping; a field that it lacks is null
     */
    record Put(UUID id, Map<String, @Nullable Object> fields) implements DocumentChange {}

    /**
     * The document is to be forgotten.
     *
     * @param id which
     */
    record Delete(UUID id) implements DocumentChange {}
}
