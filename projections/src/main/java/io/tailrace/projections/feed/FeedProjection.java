package io.tailrace.projections.feed;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespace;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.json.Payload;
import io.tailrace.kit.json.UnreadablePayload;
import io.tailrace.projections.post.PostProjection;
import io.tailrace.projections.projection.Projection;
import java.util.UUID;

/** The topic of the feeds to {@link FeedChange}. The key is the channel, {@code feed:{user_id}}. */
public final class FeedProjection implements Projection<FeedChange> {
    private final Namespace namespace;

    /**
     * A projection of the feeds.
     *
     * @param namespace the namespace of the channels, {@code feed}
     */
    public FeedProjection(Namespace namespace) {
        this.namespace = namespace;
    }

    @Override
    public String name() {
        return "feed_entries";
    }

    @Override
    public String topic() {
        return namespace.topic();
    }

    @Override
    public ParsedRecord<FeedChange> read(LogEntry entry) {
        return switch (entry) {
            case LogEntry.Tombstone tombstone ->
                new ParsedRecord.Poison<>("a record without a value: feeds are not compacted");
            case LogEntry.Fact fact -> read(fact);
        };
    }

    private ParsedRecord<FeedChange> read(LogEntry.Fact fact) {
        Event event = fact.event();
        try {
            return switch (event.type()) {
                case EventTypes.POST_PUBLISHED ->
                    new ParsedRecord.Changes<>(new FeedChange.Put(
                            owner(fact.key()), PostProjection.post(Payload.parse(event.data())), fact.offset()));
                case EventTypes.POST_DELETED ->
                    new ParsedRecord.Changes<>(new FeedChange.Drop(
                            owner(fact.key()), Payload.parse(event.data()).uuid("id")));
                default -> new ParsedRecord.Ignored<>();
            };
        } catch (UnreadablePayload e) {
            return new ParsedRecord.Poison<>(e.reason());
        }
    }

    private UUID owner(String key) throws UnreadablePayload {
        String prefix = namespace.name() + ":";
        if (!Channel.isValid(key) || !key.startsWith(prefix)) {
            throw new UnreadablePayload("key: not a channel " + prefix + "{user_id}");
        }
        return Payload.uuid("key's user", key.substring(prefix.length()));
    }
}
