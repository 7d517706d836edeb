package io.tailrace.projections.seat;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.seat.SeatEvents;
import io.tailrace.contracts.seat.SeatEvents.HoldRequested;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.json.UnreadablePayload;
import io.tailrace.projections.projection.Payloads;
import io.tailrace.projections.projection.Projection;

/** {@code tailrace.seat-commands} to {@link HoldRequest}: confirmations and releases leave no trace until they are decided. */
public final class HoldRequestProjection implements Projection<HoldRequest> {
    @Override
    public String name() {
        return "hold_requests";
    }

    @Override
    public String topic() {
        return Topics.SEAT_COMMANDS;
    }

    @Override
    public ParsedRecord<HoldRequest> read(LogEntry entry) {
        return switch (entry) {
            case LogEntry.Tombstone tombstone ->
                new ParsedRecord.Poison<>("a record without a value: commands are not compacted");
            case LogEntry.Fact fact -> read(fact.key(), fact.event());
        };
    }

    private static ParsedRecord<HoldRequest> read(String key, Event event) {
        if (!event.type().equals(SeatEvents.HOLD_REQUESTED)) {
            return new ParsedRecord.Ignored<>();
        }
        try {
            HoldRequested hold = Payloads.read(event, HoldRequested.class);
            Payloads.requireKey(key, "show_id", hold.showId());
            Payloads.require("command_id", hold.commandId());
            Payloads.require("user_id", hold.userId());
            Payloads.require("seats", hold.seats());
            return new ParsedRecord.Changes<>(new HoldRequest.Put(hold, event.time()));
        } catch (UnreadablePayload e) {
            return new ParsedRecord.Poison<>(e.reason());
        }
    }
}
