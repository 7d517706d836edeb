package io.tailrace.dispatcher.feed;

import io.tailrace.contracts.topic.Topics;

/**
 * The topics of the feed topology.
 *
 * @param follows facts, key {@code followee/follower}
 * @param posts facts, key author; as many partitions as {@code follows}
 * @param feedChannels the channels {@code feed:<user>}
 * @param authorChannels the channels {@code author:<user>}
 */
public record FeedTopics(String follows, String posts, String feedChannels, String authorChannels) {
    /** The names that ship with Tailrace. */
    public static FeedTopics standard() {
        return new FeedTopics(Topics.FOLLOWS, Topics.POSTS, "tailrace.channels.feed", "tailrace.channels.author");
    }
}
