package io.tailrace.dispatcher.feed;

import io.tailrace.dispatcher.channel.ChannelEvent;
import io.tailrace.dispatcher.channel.TracedContext;
import io.tailrace.dispatcher.poison.DeadLetterForm;
import io.tailrace.dispatcher.poison.FactProcessor;
import io.tailrace.dispatcher.poison.Original;
import io.tailrace.dispatcher.poison.Poison;
import io.tailrace.dispatcher.poison.PoisonBranch;
import io.tailrace.dispatcher.poison.RefusedEvents;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.Cancellable;
import org.apache.kafka.streams.processor.PunctuationType;
import org.jspecify.annotations.Nullable;

/**
 * Serves the followers of authors who have many, a bounded number in each turn. Between turns the posts of others are
 * delivered and the transaction ends, so that neither their wait nor the transaction grows with the followers of one
 * author. How far each post has come is in a store that is committed with what was delivered: each follower gets it
 * once, whatever dies.
 *
 * <p>Turns have a pace that all tasks of a stream thread share, so that readers keep up with them, see {@link TurnPace}.
 *
 * <p>Authors take turns of {@value #SLICE} followers. The posts of one author are delivered one after the other, in their order.
 * Belongs to one task: not thread-safe.
 */
final class FanOutTurns {
    /** Followers of one author before it is another one's turn. */
    private static final int SLICE = 500;

    private final TracedContext<byte[], byte[]> context;
    private final FanOuts fanOuts;
    private final Followers followers;
    private final RefusedEvents refused;
    private final PoisonBranch poison;
    private final FeedSensors sensors;
    private final FeedSettings settings;
    private final String postsTopic;
    private final TurnPace pace;
    private final LongSupplier clockNs;

    /** The numbers of each author's posts that wait, in the order of the authors' turns. */
    private final LinkedHashMap<UUID, Deque<Long>> waiting = new LinkedHashMap<>();

    /** Null while nothing waits: each call of a clock makes Streams end a transaction, whether there was work or not. */
    private @Nullable Cancellable clock;

    /**
     * The fan-outs of the task that {@code context} belongs to, with those that were under way before.
     *
     * @param pace of all tasks of the thread
     * @param clockNs nanoseconds of a clock that never steps back
     */
    FanOutTurns(
            TracedContext<byte[], byte[]> context,
            FeedTopics topics,
            FeedSettings settings,
            DeadLetterForm form,
            FeedSensors sensors,
            TurnPace pace,
            LongSupplier clockNs) {
        this.context = context;
        this.fanOuts = FanOuts.of(context);
        this.followers = Followers.of(context);
        this.refused = RefusedEvents.from(context.appConfigs());
        this.poison = new PoisonBranch(context, FactProcessor.DEAD_LETTERS_SINK, form);
        this.sensors = sensors;
        this.settings = settings;
        this.postsTopic = topics.posts();
        this.pace = pace;
        this.clockNs = clockNs;
        fanOuts.forEach((number, author) -> queue(author, number));
    }

    /** Whether posts of the author wait, which later ones must not overtake. */
    boolean isWaiting(UUID author) {
        return waiting.containsKey(author);
    }

    /** Takes a post for all who follow its author now. */
    void add(FanOut fanOut) {
        sensors.inTurns().record();
        queue(fanOut.author(), fanOuts.add(fanOut));
    }

    private void queue(UUID author, long number) {
        waiting.computeIfAbsent(author, first -> new ArrayDeque<>()).addLast(number);
        if (clock == null) {
            pace.join(this);
            clock = context.schedule(settings.turnInterval(), PunctuationType.WALL_CLOCK_TIME, nowMs -> turn());
        }
    }

    /** Ends the turns of a task that is closed; what waits goes on where the task is next. */
    void close() {
        pace.leave(this);
        if (clock != null) {
            clock.cancel();
            clock = null;
        }
    }

    /**
     * Serves as many followers as one turn may. Whatever is thrown here fails the task, so that its transaction is aborted and
     * what it keeps in memory is read from the store again.
     */
    private void turn() {
        long beganNs = clockNs.getAsLong();
        if (!pace.mayBegin(this, beganNs)) {
            return;
        }
        int left = settings.followersPerTurn();
        while (left > 0 && !waiting.isEmpty()) {
            Map.Entry<UUID, Deque<Long>> first = waiting.pollFirstEntry();
            Deque<Long> posts = first.getValue();
            left -= Math.max(1, serve(posts, Math.min(left, SLICE)));
            if (!posts.isEmpty()) {
                waiting.putLast(first.getKey(), posts);
            }
        }
        pace.ended(this, beganNs, clockNs.getAsLong());
        if (waiting.isEmpty()) {
            close();
        }
        // One turn is one transaction: several would add up to one that grows with the number of turns in an interval.
        context.commit();
    }

    /** Serves followers of the first of an author's posts, and takes it away when all have it; returns how many. */
    private int serve(Deque<Long> posts, int atMost) {
        long number = posts.getFirst();
        FanOut fanOut = fanOuts.get(number);
        context.resume(fanOut.trace());
        try {
            String refusal = refused.reason(fanOut.event().id());
            if (refusal != null) {
                // The author's own feed could take it, so the topic has been changed since.
                divert(fanOut, refusal);
                end(posts, number);
                return 0;
            }
            return deliver(fanOut, posts, number, atMost);
        } finally {
            context.end();
        }
    }

    private int deliver(FanOut fanOut, Deque<Long> posts, long number, int atMost) {
        ChannelEvent event = new ChannelEvent(fanOut.event(), fanOut.timestampMs());
        int served = 0;
        UUID last = null;
        boolean more;
        try (Followers.FollowerIterator each = followers.of(fanOut.author(), fanOuts.served(number), number)) {
            while (served < atMost && each.hasNext()) {
                last = each.next();
                context.forward(event.to(PostFanOut.FEED_PREFIX + last), FeedTopology.FEED_SINK);
                sensors.delivered().record();
                served++;
            }
            more = each.hasNext();
        }
        if (!more) {
            end(posts, number);
        } else if (last != null) {
            fanOuts.putServed(number, last);
        }
        return served;
    }

    private void divert(FanOut fanOut, String refusal) {
        Headers headers = new RecordHeaders();
        fanOut.event().headers().forEach(header -> headers.add(header.name(), header.value()));
        poison.divert(
                Original.of(
                        postsTopic,
                        fanOut.partition(),
                        fanOut.offset(),
                        fanOut.timestampMs(),
                        fanOut.author().toString().getBytes(StandardCharsets.UTF_8),
                        fanOut.event().data(),
                        headers),
                new Poison(Poison.Kind.PRODUCTION, refusal));
    }

    private void end(Deque<Long> posts, long number) {
        posts.removeFirst();
        fanOuts.remove(number);
        sensors.turnsEnded().record();
    }
}
