package io.tailrace.search.document;

import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.Reading;
import java.util.List;
import java.util.Set;

/**
 * An index: the copy of one topic as documents. Reading depends on nothing but the record, so that reading the log again
 * from offset zero gives the same documents. Implementations are stateless and thread-safe.
 */
public interface SearchIndex {
    /** What people call it; also names its alias and its consumer group. Never changes. */
    String name();

    /** The version of {@link #mapping()}: another one makes a new index, filled from offset zero. */
    int mappingVersion();

    /** The topic that is copied. */
    String topic();

    /** Settings and mappings as JSON, as Elasticsearch's {@code PUT /index} takes them. */
    String mapping();

    /** Fields of type keyword that are searched for a part of their value, whatever its case. */
    List<String> partFields();

    /** Fields of type text that are searched for words; the last word may be the beginning of one. */
    List<String> wordFields();

    /** Who may search: bearers of one of these roles, or everybody who is signed in if there are none. */
    Set<String> roles();

    /** What the record asks for. Never throws for what a record holds: that is {@link Reading.Poison}. */
    Reading<DocumentChange> read(LogEntry entry);
}
