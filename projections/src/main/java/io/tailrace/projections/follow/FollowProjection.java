package io.tailrace.projections.follow;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.Follow;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.json.Payload;
import io.tailrace.kit.json.UnreadablePayload;
import io.tailrace.projections.projection.Projection;

/** {@code tailrace.follows} to {@link FollowChange}. */
public final class FollowProjection implements Projection<FollowChange> {
    @Override
    public String name() {
        return "follows";
    }

    @Override
    public String topic() {
        return Topics.FOLLOWS;
    }

    @Override
    public ParsedRecord<FollowChange> read(LogEntry entry) {
        try {
            FollowChange.Pair pair = pair(entry.key());
            return switch (entry) {
                case LogEntry.Tombstone tombstone -> new ParsedRecord.Changes<>(new FollowChange.Drop(pair));
                case LogEntry.Fact fact -> read(pair, fact.event());
            };
        } catch (UnreadablePayload e) {
            return new ParsedRecord.Poison<>(e.reason());
        }
    }

    private static FollowChange.Pair pair(String key) throws UnreadablePayload {
        int slash = key.indexOf('/');
        if (slash < 0) {
            throw new UnreadablePayload("key: \"" + key + "\", expected followee/follower");
        }
        return new FollowChange.Pair(
                Payload.uuid("key's follower", key.substring(slash + 1)),
                Payload.uuid("key's followee", key.substring(0, slash)));
    }

    private static ParsedRecord<FollowChange> read(FollowChange.Pair pair, Event event) throws UnreadablePayload {
        boolean followed = event.type().equals(EventTypes.USER_FOLLOWED);
        if (!followed && !event.type().equals(EventTypes.USER_UNFOLLOWED)) {
            return new ParsedRecord.Ignored<>();
        }
        Payload payload = Payload.parse(event.data());
        payload.requireSame("follower_id", pair.followerId());
        payload.requireSame("followee_id", pair.followeeId());
        if (!followed) {
            return new ParsedRecord.Changes<>(new FollowChange.Drop(pair));
        }
        Follow follow = new Follow(pair.followerId(), pair.followeeId(), payload.instant("at"));
        return new ParsedRecord.Changes<>(new FollowChange.Put(follow));
    }
}
