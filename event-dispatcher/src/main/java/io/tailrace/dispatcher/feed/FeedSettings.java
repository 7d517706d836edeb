package io.tailrace.dispatcher.feed;

import java.time.Duration;

/**
 * The bounds of the feed topology.
 *
 * @param fanOutThreshold authors with more followers than this are not fanned out on write, 0 or more
 * @param followersAtOnce authors with more followers than this are fanned out in turns, 0 or more
 * @param followersPerTurn followers that one turn of a task serves at most, 1 or more
 * @param turnInterval how often it is looked whether there may be a turn, while posts wait for it
 * @param fanOutShare the share of a stream thread's time that turns take, above 0 and at most 1
 * @param repeatWindow how long the id of a post is remembered, so that a post that was written to the log twice is
 *     delivered once; at least the life of an idempotency key
 * @param factPartitions partitions of the topics of facts
 * @param maxEventBytes the largest post that is delivered, in bytes
 * @param commitInterval that of the application: a post before which there was none for so long
 *     does not wait for its end
 */
public record FeedSettings(
        long fanOutThreshold,
        int followersAtOnce,
        int followersPerTurn,
        Duration turnInterval,
        double fanOutShare,
        Duration repeatWindow,
        int factPartitions,
        int maxEventBytes,
        Duration commitInterval) {
    /** Checks the ranges. */
    public FeedSettings {
        if (fanOutThreshold < 0) {
            throw new IllegalArgumentException("fanOutThreshold: " + fanOutThreshold + ", expected at least 0");
        }
        if (followersAtOnce < 0) {
            throw new IllegalArgumentException("followersAtOnce: " + followersAtOnce + ", expected at least 0");
        }
        if (followersPerTurn < 1) {
            throw new IllegalArgumentException("followersPerTurn: " + followersPerTurn + ", expected at least 1");
        }
        if (!(fanOutShare > 0 && fanOutShare <= 1)) {
            throw new IllegalArgumentException("fanOutShare: " + fanOutShare + ", expected above 0 and at most 1");
        }
        if (repeatWindow.compareTo(Duration.ofMinutes(1)) < 0) {
            throw new IllegalArgumentException("repeatWindow: " + repeatWindow + ", expected at least PT1M");
        }
    }
}
