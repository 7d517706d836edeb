package io.tailrace.search.document;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.Reading;
import io.tailrace.kit.json.Payload;
import io.tailrace.kit.json.UnreadablePayload;
import io.tailrace.search.document.SearchField.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What everybody wrote. */
public final class PostIndex implements SearchIndex {
    private static final List<SearchField> FIELDS = List.of(
            new SearchField("id", Kind.ID),
            new SearchField("author_id", Kind.ID),
            new SearchField("text", Kind.WORDS),
            new SearchField("created_at", Kind.TIME));

    private final IndexTemplate template = IndexTemplate.read("posts.json");

    @Override
    public String name() {
        return "posts";
    }

    @Override
    public int mappingVersion() {
        return 2;
    }

    @Override
    public String topic() {
        return Topics.POSTS;
    }

    @Override
    public JsonNode template(PartStyle style) {
        return template.json(style);
    }

    @Override
    public List<SearchField> fields() {
        return FIELDS;
    }

    @Override
    public Set<String> roles() {
        return Set.of();
    }

    @Override
    public Reading<DocumentChange> read(LogEntry entry) {
        return switch (entry) {
            case LogEntry.Tombstone tombstone ->
                new Reading.Poison<>("a record without a value: the key is the author, which is no post");
            case LogEntry.Fact fact -> read(fact.key(), fact.event());
        };
    }

    private static Reading<DocumentChange> read(String key, Event event) {
        if (!event.type().equals(EventTypes.POST_PUBLISHED)) {
            return new Reading.Ignored<>();
        }
        try {
            UUID authorId = Payload.uuid("key", key);
            Payload payload = Payload.parse(event.data());
            payload.requireSame("author_id", authorId);
            UUID id = payload.uuid("id");
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            fields.put("id", id.toString());
            fields.put("author_id", authorId.toString());
            fields.put("text", payload.text("text"));
            fields.put("created_at", payload.instant("created_at").toString());
            return new Reading.Changes<>(new DocumentChange.Put(id, fields));
        } catch (UnreadablePayload e) {
            return new Reading.Poison<>(e.reason());
        }
    }
}
