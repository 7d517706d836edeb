package io.tailrace.search.document;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.seat.SeatEvents;
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

/** Which shows there are. */
public final class ShowIndex implements SearchIndex {
    private static final List<SearchField> FIELDS = List.of(
            new SearchField("id", Kind.ID),
            new SearchField("organizer_id", Kind.ID),
            new SearchField("name", Kind.WORDS),
            new SearchField("starts_at", Kind.TIME),
            new SearchField("created_at", Kind.TIME));

    private final IndexTemplate template = IndexTemplate.read("shows.json");

    @Override
    public String name() {
        return "shows";
    }

    @Override
    public int mappingVersion() {
        return 1;
    }

    @Override
    public String topic() {
        return Topics.SHOWS;
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
                new Reading.Poison<>("a record without a value: shows are kept for ever");
            case LogEntry.Fact fact -> read(fact.key(), fact.event());
        };
    }

    private static Reading<DocumentChange> read(String key, Event event) {
        if (!event.type().equals(SeatEvents.SHOW_CREATED)) {
            return new Reading.Ignored<>();
        }
        try {
            UUID id = Payload.uuid("key", key);
            Payload payload = Payload.parse(event.data());
            payload.requireSame("id", id);
            Map<String, @Nullable Object> fields = new LinkedHashMap<>();
            fields.put("id", id.toString());
            fields.put("organizer_id", payload.text("organizer_id"));
            fields.put("name", payload.text("name"));
            fields.put("starts_at", payload.instant("starts_at").toString());
            // The payload does not say; the event does.
            fields.put("created_at", event.time().toString());
            return new Reading.Changes<>(new DocumentChange.Put(id, fields));
        } catch (UnreadablePayload e) {
            return new Reading.Poison<>(e.reason());
        }
    }
}
