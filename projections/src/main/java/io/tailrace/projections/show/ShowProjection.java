package io.tailrace.projections.show;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.seat.SeatEvents;
import io.tailrace.contracts.seat.Show;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.json.UnreadablePayload;
import io.tailrace.projections.projection.Payloads;
import io.tailrace.projections.projection.Projection;

/** {@code tailrace.shows} to {@link ShowChange}. */
public final class ShowProjection implements Projection<ShowChange> {
    @Override
    public String name() {
        return "shows";
    }

    @Override
    public String topic() {
        return Topics.SHOWS;
    }

    @Override
    public ParsedRecord<ShowChange> read(LogEntry entry) {
        return switch (entry) {
            case LogEntry.Tombstone tombstone ->
                new ParsedRecord.Poison<>("a record without a value: shows are not compacted");
            case LogEntry.Fact fact -> read(fact.key(), fact.event());
        };
    }

    private static ParsedRecord<ShowChange> read(String key, Event event) {
        if (!event.type().equals(SeatEvents.SHOW_CREATED)) {
            return new ParsedRecord.Ignored<>();
        }
        try {
            Show show = Payloads.read(event, Show.class);
            Payloads.require("organizer_id", show.organizerId());
            Payloads.require("name", show.name());
            Payloads.require("starts_at", show.startsAt());
            Payloads.requireKey(key, "id", show.id());
            return new ParsedRecord.Changes<>(new ShowChange.Put(show));
        } catch (UnreadablePayload e) {
            return new ParsedRecord.Poison<>(e.reason());
        }
    }
}
