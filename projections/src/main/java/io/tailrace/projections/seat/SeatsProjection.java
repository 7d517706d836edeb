package io.tailrace.projections.seat;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.seat.SeatEvents.SeatsChanged;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.json.Payload;
import io.tailrace.kit.json.UnreadablePayload;
import io.tailrace.projections.projection.Payloads;
import io.tailrace.projections.projection.Projection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The topic of the channels of shows to {@link SeatsChange}. The key is the channel, {@code show:{show_id}}. */
public final class SeatsProjection implements Projection<SeatsChange> {
    private final String name;
    private final Namespace namespace;

    /**
     * A projection of seat maps.
     *
     * @param name the projection's name: there is more than one copy
     * @param namespace the namespace of the channels, {@code show}
     */
    public SeatsProjection(String name, Namespace namespace) {
        this.name = name;
        this.namespace = namespace;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String topic() {
        return namespace.topic();
    }

    @Override
    public ParsedRecord<SeatsChange> read(LogEntry entry) {
        return switch (entry) {
            case LogEntry.Tombstone tombstone ->
                new ParsedRecord.Poison<>("a record without a value: the channels of shows are not compacted");
            case LogEntry.Fact fact -> read(fact.key(), fact.event());
        };
    }

    private ParsedRecord<SeatsChange> read(String key, Event event) {
        try {
            return switch (event.type()) {
                case "seat_held" -> taken(key, event, "held");
                case "seat_confirmed" -> taken(key, event, "confirmed");
                case "seat_released", "seat_expired" ->
                    new ParsedRecord.Changes<>(new SeatsChange.Freed(show(key), seats(event)));
                default -> new ParsedRecord.Ignored<>();
            };
        } catch (UnreadablePayload e) {
            return new ParsedRecord.Poison<>(e.reason());
        }
    }

    private ParsedRecord<SeatsChange> taken(String key, Event event, String state) throws UnreadablePayload {
        return new ParsedRecord.Changes<>(new SeatsChange.Taken(show(key), seats(event), state));
    }

    private static List<String> seats(Event event) throws UnreadablePayload {
        List<@Nullable String> seats = Payloads.require(
                "seats", Payloads.read(event, SeatsChanged.class).seats());
        for (@Nullable String seat : seats) {
            Payloads.require("seats", seat);
        }
        return List.copyOf(seats);
    }

    private UUID show(String key) throws UnreadablePayload {
        String prefix = namespace.name() + ":";
        if (!Channel.isValid(key) || !key.startsWith(prefix)) {
            throw new UnreadablePayload("key: not a channel " + prefix + "{show_id}");
        }
        return Payload.uuid("key's show", key.substring(prefix.length()));
    }
}
