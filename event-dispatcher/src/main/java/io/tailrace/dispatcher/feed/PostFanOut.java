package io.tailrace.dispatcher.feed;

import io.tailrace.dispatcher.channel.ChannelEvent;
import io.tailrace.dispatcher.channel.RecentEvents;
import io.tailrace.dispatcher.poison.FactProcessor;
import java.util.UUID;
import org.apache.kafka.common.metrics.Sensor;
import org.apache.kafka.streams.processor.api.ProcessorContext;

/**
 * Gives every post to the author's followers of that moment, one record each.
 *
 * <p>The author's own feed gets it too, first and always: a person sees in the feed what they wrote, on every device,
 * by the same path as everybody else.
 *
 * <p>An author with more followers than the threshold is not fanned out: the post goes once to the author's own channel,
 * for the edge to merge on read. Followers of that author therefore find no record in their feeds.
 *
 * <p>The followers are read and forwarded one after the other, so a fan-out needs the memory of one record here, and the
 * producer's buffer behind, which blocks when it is full. Belongs to one task: not thread-safe.
 */
final class PostFanOut implements FactProcessor.Application<Post> {
    private static final String FEED_PREFIX = "feed:";
    private static final String AUTHOR_PREFIX = "author:";

    private final ProcessorContext<byte[], byte[]> context;
    private final Followers followers;
    private final RecentEvents recent;
    private final FeedSettings settings;
    private final FeedSensors sensors;

    /** The fan-out of the task that {@code context} belongs to. */
    PostFanOut(ProcessorContext<byte[], byte[]> context, FeedSettings settings) {
        this.context = context;
        this.settings = settings;
        this.followers = Followers.of(context);
        this.recent = RecentEvents.of(context, FeedTopology.RECENT_POSTS, settings.repeatWindow());
        this.sensors = FeedSensors.of(context);
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
        if (followers.count(author) > settings.fanOutThreshold()) {
            context.forward(event.to(AUTHOR_PREFIX + author), FeedTopology.AUTHOR_SINK);
            sensors.notFannedOut().record();
            return;
        }
        try (Followers.FollowerIterator each = followers.of(author)) {
            while (each.hasNext()) {
                context.forward(event.to(FEED_PREFIX + each.next()), FeedTopology.FEED_SINK);
                sensors.delivered().record();
            }
        }
    }

    /**
     * What a task counts.
     *
     * @param delivered records given to followers
     * @param notFannedOut posts of authors above the threshold
     * @param repeated posts that were in the log already
     */
    private record FeedSensors(Sensor delivered, Sensor notFannedOut, Sensor repeated) {
        static FeedSensors of(ProcessorContext<byte[], byte[]> context) {
            return new FeedSensors(
                    sensor(context, "delivered"), sensor(context, "not-fanned-out"), sensor(context, "repeated"));
        }

        private static Sensor sensor(ProcessorContext<byte[], byte[]> context, String what) {
            String task = context.taskId().toString();
            return context.metrics().addRateTotalSensor("feed", task, what, Sensor.RecordingLevel.INFO);
        }
    }
}
