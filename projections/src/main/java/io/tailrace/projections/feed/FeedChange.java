package io.tailrace.projections.feed;

import io.tailrace.contracts.event.PostPublished;
import java.util.UUID;

/** What a record of {@code tailrace.channels.feed} does to the table. */
public sealed interface FeedChange {
    /** Whose feed. */
    UUID userId();

    /** Which post. */
    UUID postId();

    /**
     * The post is in the feed.
     *
     * @param userId whose feed
     * @param post the post
     * @param logOffset of the record. The channel of a feed is in one partition, so offsets are the order of a feed
     */
    record Put(UUID userId, PostPublished post, long logOffset) implements FeedChange {
        @Override
        public UUID postId() {
            return post.id();
        }
    }

    /**
     * The post is no longer in the feed.
     *
     * @param userId whose feed
     * @param postId which post
     */
    record Drop(UUID userId, UUID postId) implements FeedChange {}
}
