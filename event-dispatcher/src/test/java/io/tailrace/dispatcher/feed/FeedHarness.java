package io.tailrace.dispatcher.feed;

import io.tailrace.dispatcher.ProductionConfig;
import io.tailrace.dispatcher.testing.Facts;
import io.tailrace.dispatcher.testing.Harness;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.test.TestRecord;

/** The feed topology in a test driver, which knows one partition of every topic. */
final class FeedHarness implements AutoCloseable {
    static final FeedTopics TOPICS = FeedTopics.standard();

    private static final Duration TURN = Duration.ofMillis(10);
    private static final int MOST_TURNS = 1_000;

    final Harness harness;
    final TestInputTopic<byte[], byte[]> follows;
    final TestInputTopic<byte[], byte[]> posts;
    private final TestOutputTopic<byte[], byte[]> feeds;
    private final TestOutputTopic<byte[], byte[]> authors;

    FeedHarness(long fanOutThreshold) {
        this(settings(fanOutThreshold, 100, 5_000, 1));
    }

    /** One that serves more than {@code atOnce} followers in turns. */
    static FeedHarness inTurns(long fanOutThreshold, int atOnce, int perTurn) {
        return new FeedHarness(settings(fanOutThreshold, atOnce, perTurn, 1), System::nanoTime);
    }

    /** The same, in a share of the time. */
    static FeedHarness inTurns(int perTurn, double share, LongSupplier clockNs) {
        return new FeedHarness(settings(1_000, 1, perTurn, share), clockNs);
    }

    private static FeedSettings settings(long fanOutThreshold, int atOnce, int perTurn, double share) {
        return new FeedSettings(
                fanOutThreshold, atOnce, perTurn, TURN, share, Duration.ofHours(24), 1, 10_000, Duration.ofMillis(50));
    }

    FeedHarness(FeedSettings settings) {
        this(settings, System::nanoTime);
    }

    private FeedHarness(FeedSettings settings, LongSupplier clockNs) {
        harness = new Harness(
                FeedTopology.build(TOPICS, settings, Harness.FORM, clockNs), ProductionConfig.of("tailrace-feed-v1"));
        follows = harness.input(TOPICS.follows());
        posts = harness.input(TOPICS.posts());
        feeds = harness.output(TOPICS.feedChannels());
        authors = harness.output(TOPICS.authorChannels());
    }

    FeedHarness() {
        this(10_000);
    }

    void follow(UUID follower, UUID followee) {
        follows.pipeInput(Facts.follow(follower, followee));
    }

    void unfollow(UUID follower, UUID followee) {
        follows.pipeInput(Facts.unfollow(follower, followee));
    }

    UUID post(UUID author, String text) {
        UUID id = UUID.randomUUID();
        posts.pipeInput(Facts.post(id, author, text));
        return id;
    }

    /** Has a number of turns pass. */
    void turns(int number) {
        for (int i = 0; i < number; i++) {
            harness.driver().advanceWallClockTime(TURN);
        }
    }

    /** Has turns pass until no post waits for one. */
    void allTurns() {
        for (int left = MOST_TURNS; hasWaiting(); left--) {
            if (left == 0) {
                throw new AssertionError("posts still wait after " + MOST_TURNS + " turns");
            }
            turns(1);
        }
    }

    private boolean hasWaiting() {
        try (var entries = harness.driver().getKeyValueStore(FanOuts.STORE).all()) {
            while (entries.hasNext()) {
                if (entries.next().key instanceof byte[] key && key.length == Long.BYTES) {
                    return true;
                }
            }
            return false;
        }
    }

    /** What the feeds got since the last look. */
    List<TestRecord<byte[], byte[]>> fed() {
        return feeds.readRecordsToList();
    }

    /** As {@link #fed()}, as {@code channel post}. */
    List<String> fedBriefly() {
        return brief(fed());
    }

    /** What the authors' channels got since the last look, as {@code channel post}. */
    List<String> authorsBriefly() {
        return brief(authors.readRecordsToList());
    }

    static String feed(UUID user, UUID post) {
        return "feed:" + user + " " + post;
    }

    private static List<String> brief(List<TestRecord<byte[], byte[]>> records) {
        return records.stream()
                .map(record -> Facts.text(record.key()) + " " + Facts.header(record, "ce_id"))
                .toList();
    }

    @Override
    public void close() {
        harness.close();
    }
}
