package io.tailrace.search.document;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.seat.SeatEvents;
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

/** Which shows there are. */
public final class ShowIndex extends DeclaredIndex {
    /** The index of the shows in the log. */
    public ShowIndex() {
        super(
                "shows",
                4,
                Topics.SHOWS,
                SeatEvents.SHOW_CREATED,
                List.of(
                        new SearchField("id", Kind.ID),
                        new SearchField("organizer_id", Kind.ID),
                        new SearchField("name", Kind.WORDS),
                        new SearchField("starts_at", Kind.TIME),
                        new SearchField("created_at", Kind.TIME)),
                Set.of());
    }

    @Override
    DocumentChange.Put document(String recordKey, Payload payload, Event event) throws UnreadablePayload {
        UUID key = Payload.uuid("key", recordKey);
        payload.requireSame("id", key);
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("id", key.toString());
        fields.put("organizer_id", payload.text("organizer_id"));
        fields.put("name", payload.text("name"));
        fields.put("starts_at", payload.instant("starts_at").toString());
        // The payload does not say; the event does.
        fields.put("created_at", event.time().toString());
        return new DocumentChange.Put(key, fields);
    }

    @Override
    ParsedRecord<DocumentChange> withoutValue(String key) {
        return new ParsedRecord.Poison<>("a record without a value: shows are kept for ever");
    }
}
