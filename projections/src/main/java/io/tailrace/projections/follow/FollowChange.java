package io.tailrace.projections.follow;

import io.tailrace.contracts.event.Follow;
import java.util.UUID;

/** What a record of {@code tailrace.follows} does to the table. */
public sealed interface FollowChange {
    /** The row's key. */
    Pair pair();

    /**
     * Who follows whom.
     *
     * @param followerId who follows
     * @param followeeId who is followed
     */
    record Pair(UUID followerId, UUID followeeId) {}

    /**
     * The pair is there.
     *
     * @param follow since when
     */
    record Put(Follow follow) implements FollowChange {
        @Override
        public Pair pair() {
            return new Pair(follow.followerId(), follow.followeeId());
        }
    }

    /**
     * The pair is no longer there.
     *
     * @param pair which
     */
    record Drop(Pair pair) implements FollowChange {}
}
