package io.tailrace.projections.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.Follow;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.json.Json;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FollowProjectionTest {
    private static final UUID FOLLOWER = UUID.fromString("01890000-0000-7000-8000-00000000000a");
    private static final UUID FOLLOWEE = UUID.fromString("01890000-0000-7000-8000-00000000000b");
    private static final String KEY = FOLLOWEE + "/" + FOLLOWER;
    private static final Follow FOLLOW = new Follow(FOLLOWER, FOLLOWEE, Instant.parse("2026-01-02T03:04:05Z"));
    private static final FollowChange.Pair PAIR = new FollowChange.Pair(FOLLOWER, FOLLOWEE);

    private final FollowProjection projection = new FollowProjection();

    @Test
    void followingPutsThePair() {
        assertThat(projection.read(fact(KEY, "user_followed")))
                .isEqualTo(new ParsedRecord.Changes<>(new FollowChange.Put(FOLLOW)));
    }

    @Test
    void unfollowingDropsThePair() {
        assertThat(projection.read(fact(KEY, "user_unfollowed")))
                .isEqualTo(new ParsedRecord.Changes<>(new FollowChange.Drop(PAIR)));
    }

    @Test
    void aTombstoneDropsThePair() {
        assertThat(projection.read(new LogEntry.Tombstone(KEY)))
                .isEqualTo(new ParsedRecord.Changes<>(new FollowChange.Drop(PAIR)));
    }

    @Test
    void aKeyOfOnePersonIsPoison() {
        assertThat(projection.read(fact(FOLLOWEE.toString(), "user_followed"))).isInstanceOf(ParsedRecord.Poison.class);
    }

    @Test
    void aPayloadOfAnotherPairIsPoison() {
        String swapped = FOLLOWER + "/" + FOLLOWEE;
        assertThat(projection.read(fact(swapped, "user_followed"))).isInstanceOf(ParsedRecord.Poison.class);
    }

    private static LogEntry fact(String key, String type) {
        return new LogEntry.Fact(key, new Event("e1", type, "/test", Instant.EPOCH, null, Json.write(FOLLOW)));
    }
}
