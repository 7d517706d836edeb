package io.tailrace.edge.control;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.contracts.access.AccessRules;
import io.tailrace.contracts.access.Grants;
import io.tailrace.edge.EdgeSettings;
import io.tailrace.edge.replay.LastLocator;
import io.tailrace.edge.stream.ChangeOutcome;
import io.tailrace.edge.stream.ChannelChanges;
import io.tailrace.edge.stream.CloseReason;
import io.tailrace.edge.stream.StreamLoop;
import io.tailrace.edge.stream.WantedChannel;
import io.tailrace.kit.apikey.ApiKeys;
import io.tailrace.kit.security.ErasedPeople;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes changes to streams of this edge, those of one stream in the order in which they arrive here. {@link #arrive} is
 * called by one thread; everything else is thread-safe.
 */
@Singleton
final class StreamChanges {
    private static final Logger LOG = LoggerFactory.getLogger(StreamChanges.class);

    /** Why a channel is refused whose newest events could not be found in time. */
    private static final String UNAVAILABLE = "unavailable";

    private final OpenStreams streams;
    private final EdgeSettings settings;
    private final EdgeSettings.Stream limits;
    private final ChangeRules rules;
    private final LastLocator locator;
    private final ErasedPeople people;
    private final ApiKeys keys;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Counter unavailable;
    private final Counter tooMany;

    StreamChanges(
            OpenStreams streams,
            EdgeSettings settings,
            EdgeSettings.Stream limits,
            AccessRules rules,
            LastLocator locator,
            ErasedPeople people,
            ApiKeys keys,
            MeterRegistry meters) {
        this.streams = streams;
        this.settings = settings;
        this.limits = limits;
        this.rules = new ChangeRules(rules);
        this.locator = locator;
        this.people = people;
        this.keys = keys;
        Gauge.builder("tailrace.edge.changes.waiting", waiting, AtomicInteger::get)
                .description("Changes of streams that wait for the log to be searched, or for those before them")
                .register(meters);
        this.unavailable = failed(meters, UNAVAILABLE);
        this.tooMany = failed(meters, "too_many_changes");
    }

    private static Counter failed(MeterRegistry meters, String reason) {
        return Counter.builder("tailrace.edge.changes.failed")
                .tag("reason", reason)
                .description("Changes of streams that were not made, in whole or in part, and told so")
                .register(meters);
    }

    /** What can be said of a change before it is on its way. */
    enum Preview {
        /** Nothing speaks against it here. */
        FINE,
        /** The stream is here and somebody else's. */
        FOREIGN,
        /** The stream is here and its channels can't be changed. */
        FIXED
    }

    /** Looks whether the stream is here and may be changed so. */
    Preview preview(StreamChange change) {
        OpenStream open = streams.find(change.connectionId());
        if (open == null) {
            return Preview.FINE;
        }
        if (!open.mayBeChangedBy(change.subject())) {
            return Preview.FOREIGN;
        }
        return open.isFixed() && !change.isRenewal() ? Preview.FIXED : Preview.FINE;
    }

    /**
     * Makes a change in its turn, if the stream is here: after those that arrived before it, and at the latest when
     * {@code tailrace.edge.stream.change-timeout} is over. Whatever comes of it is told on the stream.
     */
    void arrive(StreamChange change) {
        OpenStream open = streams.find(change.connectionId());
        if (open == null) {
            return;
        }
        if (preview(change) != Preview.FINE) {
            LOG.debug("stream {}: a change that is not its owner's or not of its kind", change.connectionId());
            return;
        }
        ChangeQueue queue = open.changes(() ->
                new ChangeQueue(limits.waitingChanges(), 2 * settings.maxChannels(), turn -> takeTurn(open, turn)));
        waiting.incrementAndGet();
        switch (queue.arrive(change, () -> located(rules.decide(change), change))) {
            case MADE -> {}
            case WAITING -> prolong(open, change);
            case FULL -> {
                waiting.decrementAndGet();
                tooMany.increment();
                prolong(open, change);
            }
        }
    }

    /** What is to be done, once the log was searched for {@code last:N}; what was not found in time is refused. */
    private CompletableFuture<ChannelChanges> located(ChangeRules.Decision decision, StreamChange change) {
        if (decision.last().isEmpty()) {
            return CompletableFuture.completedFuture(
                    new ChannelChanges(decision.add(), change.remove(), decision.refused()));
        }
        return locator.locate(decision.add(), decision.last())
                .toCompletableFuture()
                .orTimeout(limits.changeTimeout().toMillis(), TimeUnit.MILLISECONDS)
                .handle((found, fault) -> {
                    if (fault == null) {
                        return new ChannelChanges(found, change.remove(), decision.refused());
                    }
                    unavailable.increment();
                    LOG.warn("stream {}: last:N was not found: {}", change.connectionId(), fault.toString());
                    return withoutLast(decision, change);
                });
    }

    private static ChannelChanges withoutLast(ChangeRules.Decision decision, StreamChange change) {
        List<WantedChannel> add = new ArrayList<>();
        List<ChannelChanges.Refused> refused = new ArrayList<>(decision.refused());
        for (int i = 0; i < decision.add().size(); i++) {
            WantedChannel channel = decision.add().get(i);
            if (decision.last().containsKey(i)) {
                refused.add(new ChannelChanges.Refused(channel.name(), UNAVAILABLE));
            } else {
                add.add(channel);
            }
        }
        return new ChannelChanges(add, change.remove(), refused);
    }

    /** The token of a change that waits: the stream must not end before it is taken over. */
    private static void prolong(OpenStream open, StreamChange change) {
        StreamChange.Bearer bearer = change.bearer();
        if (bearer != null) {
            open.loop().post(core -> core.prolong(open.stream(), bearer.expiresAtMs()), 0);
        }
    }

    /** Posts keep their order, so that changes do. */
    private void takeTurn(OpenStream open, ChangeQueue.Turn turn) {
        waiting.decrementAndGet();
        open.loop().post(core -> make(core, open, turn), 0);
    }

    /** First the channels and then the token, so that a stream that changes all of its channels is never without any. */
    private void make(StreamLoop core, OpenStream open, ChangeQueue.Turn turn) {
        StreamChange.Bearer bearer = turn.bearer();
        if (!open.mayBeChangedBy(bearer == null ? null : bearer.subject())) {
            LOG.debug("stream {}: a change that came after its owner's", open.connectionId());
            return;
        }
        if (bearer != null) {
            open.belongsTo(bearer.subject());
            if (isVoid(bearer)) {
                // Revoked while the change was on its way, when the stream was not among those of its bearer.
                core.close(open.stream(), CloseReason.ADMIN);
                return;
            }
        }
        ChannelChanges channels = turn.channels();
        if (!channels.isEmpty() && core.change(open.stream(), channels) == ChangeOutcome.BUSY) {
            tooMany.increment();
        }
        if (turn.dropped() > 0) {
            core.dropped(open.stream(), turn.dropped());
        }
        if (bearer != null) {
            Grants grants = bearer.grants();
            core.replaceGrants(open.stream(), channel -> rules.allows(grants, channel), bearer.expiresAtMs());
        }
    }

    /** Asked when the stream belongs to the bearer already: what is revoked after that finds the stream. */
    private boolean isVoid(StreamChange.Bearer bearer) {
        String key = bearer.apiKey();
        return people.isErased(bearer.subject()) || (key != null && !keys.knows(key));
    }
}
