package io.tailrace.projections.user;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.UserRegistered;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.json.Payload;
import io.tailrace.kit.json.UnreadablePayload;
import io.tailrace.projections.projection.Projection;
import java.util.UUID;

/** {@code tailrace.users} to {@link UserChange}. */
public final class UserProjection implements Projection<UserChange> {
    @Override
    public String name() {
        return "users";
    }

    @Override
    public String topic() {
        return Topics.USERS;
    }

    @Override
    public ParsedRecord<UserChange> read(LogEntry entry) {
        try {
            UUID id = Payload.uuid("key", entry.key());
            return switch (entry) {
                case LogEntry.Tombstone tombstone -> new ParsedRecord.Changes<>(new UserChange.Erase(id));
                case LogEntry.Fact fact -> read(id, fact.event());
            };
        } catch (UnreadablePayload e) {
            return new ParsedRecord.Poison<>(e.reason());
        }
    }

    private static ParsedRecord<UserChange> read(UUID id, Event event) throws UnreadablePayload {
        if (!event.type().equals(EventTypes.USER_REGISTERED)) {
            return new ParsedRecord.Ignored<>();
        }
        Payload payload = Payload.parse(event.data());
        // A row under another id than the key's would outlive the tombstone that erases the person.
        payload.requireSame("id", id);
        return new ParsedRecord.Changes<>(new UserChange.Put(new UserRegistered(
                id,
                payload.text("email"),
                payload.text("name"),
                payload.optionalText("phone"),
                payload.instant("created_at"))));
    }
}
