package io.tailrace.search.document;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.ParsedRecord;
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
public final class UserIndex extends DeclaredIndex {
    /** The index of the people in the log. */
    public UserIndex() {
        super(
                "users",
                5,
                Topics.USERS,
                EventTypes.USER_REGISTERED,
                List.of(
                        new SearchField("id", Kind.ID),
                        new SearchField("phone", Kind.PARTS),
                        new SearchField("phone_digits", Kind.DIGITS),
                        new SearchField("email", Kind.PARTS),
                        new SearchField("name", Kind.WORDS),
                        new SearchField("created_at", Kind.TIME)),
                Set.of("support", "admin"));
    }

    @Override
    DocumentChange.Put document(String recordKey, Payload payload, Event event) throws UnreadablePayload {
        UUID key = Payload.uuid("key", recordKey);
        // A document under another id than the key's would outlive the tombstone that erases the person.
        payload.requireSame("id", key);
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("id", key.toString());
        fields.put("email", payload.text("email"));
        fields.put("name", payload.text("name"));
        fields.put("phone", payload.optionalText("phone"));
        fields.put("created_at", payload.instant("created_at").toString());
        return new DocumentChange.Put(key, fields);
    }

    @Override
    ParsedRecord<DocumentChange> withoutValue(String key) throws UnreadablePayload {
        return new ParsedRecord.Changes<>(new DocumentChange.Delete(Payload.uuid("key", key)));
    }
}
