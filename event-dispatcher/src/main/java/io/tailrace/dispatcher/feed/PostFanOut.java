package io.tailrace.dispatcher.feed;

import io.tailrace.dispatcher.channel.ChannelEvent;
import io.tailrace.dispatcher.channel.RecentEvents;
import io.tailrace.dispatcher.channel.TracedContext;
import io.tailrace.dispatcher.poison.DeadLetterForm;
import io.tailrace.dispatcher.poison.FactProcessor;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.processor.api.RecordMetadata;

/**
 * Gives every post to the author's followers of that moment, one record each. Who unfollows before it is their turn does
 * not get it any more.
 *
 * <p>The author's own feed gets it too, first and always: a person sees in the feed what they wrote, on every device,
 * by the same path as everybody else.
 *
 * <p>A few followers are served at once, in the transaction that takes the post. Many are served in turns, see
 * {@link FanOutTurns}.
 *
 * <p>An author with more followers than the threshold is not fanned out: the post goes once to the author's own channel,
 * for the edge to merge on read. Followers of that author therefore find no record in their feeds.
 *
 * <p>The followers are read and forwarded one after the other, so a fan-out needs the memory of one record here, and the
 * producer's buffer behind, which blocks when it is full. Belongs to one task: not thread-safe.
 */
final class PostFanOut implements FactProcessor.Application<Post> {
    static final String FEED_PREFIX = "feed:";
    private static final String AUTHOR_PREFIX = "author:";

    private final TracedContext<byte[], byte[]> context;
    private final Followers followers;
    private final RecentEvents recent;
    private final FeedSettings settings;
    private final FeedSensors sensors;
    private final FanOutTurns turns;

    /** The fan-out of the task that {@code context} belongs to. */
    PostFanOut(
            TracedContext<byte[], byte[]> context,
            FeedTopics topics,
            FeedSettings settings,
            DeadLetterForm form,
            TurnPace pace,
            LongSupplier clockNs) {
        this.context = context;
        this.settings = settings;
        this.followers = Followers.of(context);
        this.recent = RecentEvents.of(context, FeedTopology.RECENT_POSTS, settings.repeatWindow());
        this.sensors = FeedSensors.of(context);
        this.turns = new FanOutTurns(context, topics, settings, form, sensors, pace, clockNs);
    }

    @Override
    public void apply(Post post, long timestampMs) {
        if (!recent.note(post.id(), timestampMs)) {
            sensors.repeated().record();
            return;
        }
        ChannelEvent event = new ChannelEvent(post.event(), timestampMs);
        UUID author = post.author();
        context.forward(event.to(FEED_PREFIX + author), FeedTopology.FEED_SINK);
        long count = followers.count(author);
        if (count > settings.fanOutThreshold()) {
            context.forward(event.to(AUTHOR_PREFIX + author), FeedTopology.AUTHOR_SINK);
            sensors.notFannedOut().record();
        } else if (count > settings.followersAtOnce() || turns.isWaiting(author)) {
            turns.add(fanOut(post, timestampMs));
        } else {
            serve(author, event);
        }
    }

    @Override
    public void close() {
        turns.close();
    }

    private FanOut fanOut(Post post, long timestampMs) {
        Optional<RecordMetadata> origin = context.recordMetadata();
        return new FanOut(
                post.author(),
                post.event(),
                timestampMs,
                context.trace(),
                origin.map(RecordMetadata::partition).orElse(-1),
                origin.map(RecordMetadata::offset).orElse(-1L));
    }

    private void serve(UUID author, ChannelEvent event) {
        try (Followers.FollowerIterator each = followers.of(author)) {
            while (each.hasNext()) {
                context.forward(event.to(FEED_PREFIX + each.next()), FeedTopology.FEED_SINK);
                sensors.delivered().record();
            }
        }
    }
}
