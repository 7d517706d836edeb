package io.tailrace.search.document;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An index: the copy of one topic as documents. Reading depends on nothing but the record, so that reading the log again
 * from offset zero gives the same documents. Every document has {@code id} and {@code created_at}. Implementations are
 * stateless and thread-safe.
 */
public interface SearchIndex {
    /** What people call it; also names its alias and its consumer group. Never changes. */
    String name();

    /** The version of {@link #template}: another one makes a new index, filled from offset zero. */
    int mappingVersion();

    /** The topic that is copied. */
    String topic();

    /** Settings and mappings: {@code {settings, mappings}}. */
    JsonNode template(PartStyle style);

    /** What can be asked of it. */
    List<SearchField> fields();

    /** Who may search: bearers of one of these roles, each search being an audit event; or everybody who is signed in if none. */
    Set<String> roles();

    /** What the record asks for. Never throws for what a record holds: that is {@link ParsedRecord.Poison}. */
    ParsedRecord<DocumentChange> read(LogEntry entry);

    /** A field by its name. */
    default Optional<SearchField> field(String name) {
        return fields().stream().filter(field -> field.name().equals(name)).findFirst();
    }
}
