package io.tailrace.dispatcher.feed;

import io.tailrace.dispatcher.channel.ByteNodes;
import io.tailrace.dispatcher.channel.RecentEvents;
import io.tailrace.dispatcher.channel.TracedContext;
import io.tailrace.dispatcher.commit.IdlePeriod;
import io.tailrace.dispatcher.poison.DeadLetterForm;
import io.tailrace.dispatcher.poison.FactProcessor;
import io.tailrace.dispatcher.poison.FactReader;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.Topology;

/**
 * Posts × followers to one record per follower.
 *
 * <pre>
 * follows ── apply-follow ──────────┐
 *              │  followers,        ├── dead-letters
 *              │  follower-counts   │
 * posts ──── fan-out-post ──────────┤
 *              (recent-posts,       ├── feed-channels
 *               fan-outs)           └── author-channels
 * </pre>
 *
 * <p>A deleted post takes the same way as the post did: its tombstone becomes a record per follower, {@code post_deleted}.
 *
 * <p>Both topics are partitioned by the author, so one task has an author's followers and posts. Within a task Streams
 * takes the record with the lowest time first, so a post meets the followers of its moment, also when both topics are
 * read from far behind.
 *
 * <p>The names of nodes and stores are part of the running application: changelogs and state directories are named
 * after them. A change needs a new version of the application's id.
 */
public final class FeedTopology {
    static final String FEED_SINK = "feed-channels";
    static final String AUTHOR_SINK = "author-channels";

    static final String RECENT_POSTS = "recent-posts";

    private static final String FOLLOWS_SOURCE = "follows";
    private static final String POSTS_SOURCE = "posts";
    private static final String APPLY_FOLLOW = "apply-follow";
    private static final String FAN_OUT_POST = "fan-out-post";

    private FeedTopology() {}

    /**
     * The topology that production runs.
     *
     * @param form the form of a dead letter; its topic is where they go
     * @param clockNs nanoseconds of a clock that never steps back
     */
    public static Topology build(FeedTopics topics, FeedSettings settings, DeadLetterForm form, LongSupplier clockNs) {
        ThreadLocal<IdlePeriod> idlePeriod = ThreadLocal.withInitial(
                () -> new IdlePeriod(settings.commitInterval().toMillis()));
        ThreadLocal<TurnPace> pace = ThreadLocal.withInitial(() -> new TurnPace(settings.fanOutShare()));
        FactReader reader = new FactReader(settings.maxEventBytes(), settings.factPartitions());
        Topology topology = new Topology();
        ByteNodes.source(topology, FOLLOWS_SOURCE, topics.follows());
        ByteNodes.source(topology, POSTS_SOURCE, topics.posts());
        topology.addProcessor(
                APPLY_FOLLOW,
                () -> new FactProcessor<>(record -> FollowChange.read(reader, record), form, FollowLedger::of),
                FOLLOWS_SOURCE);
        topology.addProcessor(
                FAN_OUT_POST,
                () -> new FactProcessor<>(
                        record -> PostFact.read(reader, record),
                        form,
                        context -> fanOut(
                                context,
                                new PostFanOut(context, topics, settings, form, pace.get(), clockNs),
                                idlePeriod)),
                POSTS_SOURCE);
        topology.addStateStore(Followers.pairsStore(), APPLY_FOLLOW, FAN_OUT_POST);
        topology.addStateStore(Followers.countsStore(), APPLY_FOLLOW, FAN_OUT_POST);
        topology.addStateStore(FanOuts.store(), APPLY_FOLLOW, FAN_OUT_POST);
        topology.addStateStore(RecentEvents.store(RECENT_POSTS, settings.repeatWindow()), FAN_OUT_POST);
        ByteNodes.sink(topology, FEED_SINK, topics.feedChannels(), FAN_OUT_POST);
        ByteNodes.sink(topology, AUTHOR_SINK, topics.authorChannels(), FAN_OUT_POST);
        ByteNodes.sink(topology, FactProcessor.DEAD_LETTERS_SINK, form.topic(), APPLY_FOLLOW, FAN_OUT_POST);
        return topology;
    }

    private static FactProcessor.Application<PostFact> fanOut(
            TracedContext<byte[], byte[]> context, PostFanOut fanOut, ThreadLocal<IdlePeriod> idlePeriod) {
        FanOuts fanOuts = FanOuts.of(context);
        return new FactProcessor.Application<>() {
            @Override
            public void apply(PostFact fact, long timestampMs) {
                switch (fact) {
                    case Post post -> fanOut.apply(post, timestampMs);
                    case PostFact.Forgotten forgotten -> fanOuts.touch();
                    case PostFact.Known known -> {}
                }
                // Asks for it: what else this thread has read comes along.
                if (idlePeriod.get().isEndedBy(timestampMs, context.currentSystemTimeMs())) {
                    context.commit();
                }
            }

            @Override
            public void close() {
                fanOut.close();
            }
        };
    }
}
