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

/** Who is registered. Personal data: for those alone whose work it is. */
public final class UserIndex implements SearchIndex {
    private static final List<SearchField> FIELDS = List.of(
            new SearchField("id", Kind.ID),
            new SearchField("phone", Kind.PARTS),
            new SearchField("phone_digits", Kind.DIGITS),
            new SearchField("email", Kind.PARTS),
            new SearchField("name", Kind.WORDS),
            new SearchField("created_at", Kind.TIME));

    private final IndexTemplate template = IndexTemplate.read("users.json");

    @Override
    public String name() {
        return "users";
    }

    @Override
    public int mappingVersion() {
        return 2;
    }

    @Override
    public String topic() {
        return Topics.USERS;
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
        return Set.of("support", "admin");
    }

    @Override
    public Reading<DocumentChange> read(LogEntry entry) {
        try {
            UUID id = Payload.uuid("key", entry.key());
            return switch (entry) {
                case LogEntry.Tombstone tombstone -> new Reading.Changes<>(new DocumentChange.Delete(id));
                case LogEntry.Fact fact -> read(id, fact.event());
            };
        } catch (UnreadablePayload e) {
            return new Reading.Poison<>(e.reason());
        }
    }

    private static Reading<DocumentChange> read(UUID id, Event event) throws UnreadablePayload {
        if (!event.type().equals(EventTypes.USER_REGISTERED)) {
            return new Reading.Ignored<>();
        }
        Payload payload = Payload.parse(event.data());
        // A document under another id than the key's would outlive the tombstone that erases the person.
        payload.requireSame("id", id);
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("id", id.toString());
        fields.put("email", payload.text("email"));
        fields.put("name", payload.text("name"));
        fields.put("phone", payload.optionalText("phone"));
        fields.put("created_at", payload.instant("created_at").toString());
        return new Reading.Changes<>(new DocumentChange.Put(id, fields));
    }
}
