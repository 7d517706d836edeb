package io.tailrace.search.document;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.event.Event;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.json.Payload;
import io.tailrace.kit.json.UnreadablePayload;
import java.util.List;
import java.util.Set;

/**
 * An index that copies the events of one type, each of which is one document. Its settings and mappings are in the file
 * beside this class that has its name. Immutable.
 */
abstract class DeclaredIndex implements SearchIndex {
    private final String name;
    private final int mappingVersion;
    private final String topic;
    private final String type;
    private final List<SearchField> fields;
    private final Set<String> roles;
    private final IndexTemplate template;

    DeclaredIndex(
            String name, int mappingVersion, String topic, String type, List<SearchField> fields, Set<String> roles) {
        this.name = name;
        this.mappingVersion = mappingVersion;
        this.topic = topic;
        this.type = type;
        this.fields = List.copyOf(fields);
        this.roles = Set.copyOf(roles);
        this.template = IndexTemplate.read(name + ".json");
    }

    /**
     * The document that an event tells of.
     *
     * @param key the record's
     */
    abstract DocumentChange.Put document(String key, Payload payload, Event event) throws UnreadablePayload;

    /** What a record without a value means. */
    abstract ParsedRecord<DocumentChange> withoutValue(String key) throws UnreadablePayload;

    @Override
    public final ParsedRecord<DocumentChange> read(LogEntry entry) {
        try {
            return switch (entry) {
                case LogEntry.Tombstone tombstone -> withoutValue(tombstone.key());
                case LogEntry.Fact fact -> read(fact.key(), fact.event());
            };
        } catch (UnreadablePayload e) {
            return new ParsedRecord.Poison<>(e.reason());
        }
    }

    private ParsedRecord<DocumentChange> read(String key, Event event) throws UnreadablePayload {
        return event.type().equals(type)
                ? new ParsedRecord.Changes<>(document(key, Payload.parse(event.data()), event))
                : new ParsedRecord.Ignored<>();
    }

    @Override
    public final String name() {
        return name;
    }

    @Override
    public final int mappingVersion() {
        return mappingVersion;
    }

    @Override
    public final String topic() {
        return topic;
    }

    @Override
    public final JsonNode template(PartStyle style) {
        return template.json(style);
    }

    @Override
    public final List<SearchField> fields() {
        return fields;
    }

    @Override
    public final Set<String> roles() {
        return roles;
    }
}
