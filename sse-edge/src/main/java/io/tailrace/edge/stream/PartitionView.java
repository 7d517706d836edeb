package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.PartitionId;
import io.tailrace.edge.window.PartitionWindow;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A partition as one loop sees it: its window, who reads it, and what is asked of the log for it. */
final class PartitionView {
    /** Nothing is asked for. */
    static final long NOTHING = -1;

    final PartitionId id;
    final Map<String, Subscribers> subscribers = new HashMap<>();
    final LaneList pending = new LaneList();
    final LaneList ahead = new LaneList();
    final LaneList replaying = new LaneList();

    /** Replayed chunks by first offset; {@link ReplayCache} owns their bound. */
    final TreeMap<Long, Batch> chunks = new TreeMap<>();

    /** Known as soon as it is for any partition of the topic. */
    @Nullable
    Generation generation;

    /** Whether the window and the log's start are of the generation, so that lanes can be placed. */
    boolean ready;

    boolean unavailable;
    long logStart;

    /** Which of the partition's logs the window is of; {@link io.tailrace.edge.window.PartitionFacts#logVersion}. */
    long logVersion;

    /** When lanes that are beyond the head were last held against the log, in the loop's time. */
    long doubtedAtMs;

    /** Where epochs end that were over when a broker was asked. */
    final EpochBook epochs = new EpochBook();

    PartitionWindow window = new PartitionWindow(0, 1);

    /** The offset of the replay request that is outstanding, or {@link #NOTHING}. */
    long requestedOffset = NOTHING;

    /** A read has failed; nothing is asked until the next tick. */
    boolean replayPaused;

    /** The end of the last chunk: lanes from here upward are served first, so that one sweep serves all. */
    long sweptTo;

    /** The question after the log's end that is outstanding, or {@link #NOTHING}. */
    long outstandingAsk = NOTHING;

    /** The epoch of a chunk of which a broker must say whether it is in the log; {@link Cursor#NO_EPOCH} for none. */
    int doubtedEpoch = Cursor.NO_EPOCH;

    /** The last answer was of another generation. */
    boolean askAgain;

    /** Whether it is noted for a look at its replaying lanes at the end of the turn. */
    boolean noted;

    PartitionView(PartitionId id) {
        this.id = id;
    }

    long head() {
        return window.head();
    }

    /** The leader epoch that vouches for the head. */
    int headEpoch() {
        return window.headEpoch();
    }

    void subscribe(Subscription subscription) {
        subscribers
                .computeIfAbsent(subscription.channel, channel -> new Subscribers())
                .add(subscription);
    }

    void unsubscribe(Subscription subscription) {
        Subscribers all = subscribers.get(subscription.channel);
        if (all == null) {
            throw new IllegalStateException("channel " + subscription.channel + " has no subscribers in " + id);
        }
        all.remove(subscription);
        if (all.size() == 0) {
            subscribers.remove(subscription.channel);
        }
    }

    boolean isUnused() {
        return subscribers.isEmpty();
    }
}
