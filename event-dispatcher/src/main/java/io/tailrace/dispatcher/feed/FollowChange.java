package io.tailrace.dispatcher.feed;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.Follow;
import io.tailrace.dispatcher.poison.Fact;
import io.tailrace.dispatcher.poison.FactReader;
import io.tailrace.dispatcher.poison.Poison;
import io.tailrace.dispatcher.poison.Unsound;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a record of {@code tailrace.follows} says.
 *
 * @param followee who is followed
 * @param follower who follows
 * @param kind what happens to that
 */
record FollowChange(UUID followee, UUID follower, Kind kind) implements Fact {
    private static final int UUID_LENGTH = 36;

    /** What happens to a follow. */
    enum Kind {
        /** It is so from now on. */
        BEGINS,
        /** It is not so any more. */
        ENDS,
        /** It has ended before, and its tombstone is old enough for the log to forget it. */
        FORGOTTEN
    }

    /** Reads a record. A tombstone, by which a person is erased, ends the following like an unfollow. */
    static FollowChange read(FactReader reader, ConsumerRecord<byte[], byte[]> record) throws Unsound {
        if (FactReader.isTombstone(record)) {
            return tombstone(reader, record);
        }
        Event event = reader.event(record);
        Kind kind =
                switch (event.type()) {
                    case EventTypes.USER_FOLLOWED -> Kind.BEGINS;
                    case EventTypes.USER_UNFOLLOWED -> Kind.ENDS;
                    default ->
                        throw FactReader.unknownType(
                                event, EventTypes.USER_FOLLOWED + " or " + EventTypes.USER_UNFOLLOWED);
                };
        Follow follow = FactReader.payload(event, Follow.class);
        UUID follower = FactReader.present(follow.followerId(), "follower_id");
        UUID followee = FactReader.present(follow.followeeId(), "followee_id");
        reader.place(record, followee + "/" + follower, followee.toString());
        return new FollowChange(followee, follower, kind);
    }

    private static FollowChange tombstone(FactReader reader, ConsumerRecord<byte[], byte[]> record) throws Unsound {
        @Nullable String key = FactReader.key(record);
        if (key == null || key.length() != 2 * UUID_LENGTH + 1 || key.charAt(UUID_LENGTH) != '/') {
            throw new Unsound(Poison.Kind.KEY, "the key of a tombstone is not followee/follower");
        }
        UUID followee = uuid(key.substring(0, UUID_LENGTH));
        UUID follower = uuid(key.substring(UUID_LENGTH + 1));
        reader.place(record, followee + "/" + follower, followee.toString());
        return new FollowChange(
                followee, follower, FactReader.isRepeatedTombstone(record) ? Kind.FORGOTTEN : Kind.ENDS);
    }

    private static UUID uuid(String text) throws Unsound {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new Unsound(Poison.Kind.KEY, "the key of a tombstone is not two UUIDs");
        }
    }

    @Override
    public @Nullable String derivedId() {
        return null;
    }
}
