package io.tailrace.projections.upload;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.UploadStored;
import io.tailrace.contracts.topic.FactKeys;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.json.Payload;
import io.tailrace.kit.json.UnreadablePayload;
import io.tailrace.projections.projection.Projection;
import java.util.UUID;

/** {@code tailrace.uploads} to {@link UploadChange}. */
public final class UploadProjection implements Projection<UploadChange> {
    @Override
    public String name() {
        return "uploads";
    }

    @Override
    public String topic() {
        return Topics.UPLOADS;
    }

    @Override
    public ParsedRecord<UploadChange> read(LogEntry entry) {
        try {
            return switch (entry) {
                case LogEntry.Tombstone(String key) -> new ParsedRecord.Changes<>(new UploadChange.Delete(id(key)));
                case LogEntry.Fact fact -> read(fact.key(), fact.event());
            };
        } catch (UnreadablePayload e) {
            return new ParsedRecord.Poison<>(e.reason());
        }
    }

    private static ParsedRecord<UploadChange> read(String key, Event event) throws UnreadablePayload {
        if (!event.type().equals(EventTypes.UPLOAD_STORED)) {
            return new ParsedRecord.Ignored<>();
        }
        Payload payload = Payload.parse(event.data());
        UUID owner = Payload.uuid("key's owner", FactKeys.owner(key));
        payload.requireSame("owner_id", owner);
        // A row under another id than the key's would outlive the tombstone that deletes the upload.
        payload.requireSame("id", id(key));
        return new ParsedRecord.Changes<>(new UploadChange.Put(new UploadStored(
                id(key),
                owner,
                payload.text("name"),
                payload.optionalText("declared_type"),
                payload.text("detected_type"),
                payload.count("size"),
                payload.text("sha256"),
                payload.instant("created_at"))));
    }

    private static UUID id(String key) throws UnreadablePayload {
        return Payload.uuid("key's upload", FactKeys.fact(key));
    }
}
