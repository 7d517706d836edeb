package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.edge.window.PartitionFacts;
import io.tailrace.edge.window.PartitionWindow;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes streams to where a log was cut, if they were given more than what is left of it. */
final class Truncations {
    private final LoopState state;
    private final Placement placement;

    Truncations(LoopState state, Placement placement) {
        this.state = state;
        this.placement = placement;
    }

    void onTruncated(PartitionFacts facts, long divergedAt, int divergedEpoch) {
        PartitionView view = known(facts);
        if (view != null) {
            long lostHead = view.head();
            int lostEpoch = view.headEpoch();
            for (Lane lane : turnTo(view, facts)) {
                if (isBeyond(lane, lostHead, lostEpoch)) {
                    question(lane);
                } else {
                    cut(lane, divergedAt, divergedEpoch);
                }
            }
        }
    }

    void onRejoined(PartitionFacts facts) {
        PartitionView view = known(facts);
        if (view != null) {
            long head = view.head();
            turnTo(view, facts).forEach(lane -> rejoin(lane, head));
        }
    }

    /** A loop that had left the partition for a while was not told how its log has changed: all lanes are held against it. */
    void onReady(PartitionFacts facts) {
        PartitionView view = known(facts);
        if (view != null && facts.logVersion() != view.logVersion) {
            turnTo(view, facts).forEach(lane -> rejoin(lane, 0));
        }
    }

    /** The partition, if something was read of it here that could be of use. */
    private @Nullable PartitionView known(PartitionFacts facts) {
        PartitionView view = state.views.get(facts.partition());
        return view != null && view.ready && facts.generation().equals(view.generation) ? view : null;
    }

    /** What is beyond {@code knownTo} is held against the log once more. */
    private void rejoin(Lane lane, long knownTo) {
        if (lane.start() == null && lane.position() <= knownTo) {
            resettle(lane);
            return;
        }
        question(lane);
    }

    private void question(Lane lane) {
        if (lane.start() == null && lane.view.generation != null) {
            lane.question(lane.view.generation);
        }
        if (lane.phase() == LanePhase.REPLAYING) {
            state.move(lane, LanePhase.CATCHING_UP);
        }
        placement.place(lane);
    }

    private void resettle(Lane lane) {
        if (lane.phase() != LanePhase.CATCHING_UP) {
            state.move(lane, LanePhase.CATCHING_UP);
        }
        placement.settle(lane);
    }

    /** Nothing that was read of the partition is used any more; the lanes that have read it. */
    private Set<Lane> turnTo(PartitionView view, PartitionFacts facts) {
        placement.leaveHead(view);
        view.window = new PartitionWindow(facts.head(), facts.headEpoch(), state.settings.windowBytes());
        view.logStart = facts.logStart();
        view.logVersion = facts.logVersion();
        view.requestedOffset = PartitionView.NOTHING;
        view.replayPaused = false;
        view.sweptTo = 0;
        view.outstandingAsk = PartitionView.NOTHING;
        view.askAgain = false;
        view.doubtedEpoch = Cursor.NO_EPOCH;
        view.epochs.clear();
        state.cache.drop(view);
        return lanes(view);
    }

    private void cut(Lane lane, long divergedAt, int divergedEpoch) {
        if (lane.start() != null) {
            if (lane.start() instanceof Start.At at
                    && at.generation().equals(lane.view.generation)
                    && at.leaderEpoch() == Cursor.NO_EPOCH
                    && at.offset() > divergedAt) {
                lane.reset(ResetReason.TRUNCATED, divergedAt, divergedEpoch);
            } else {
                placement.place(lane);
                return;
            }
        } else if (lane.gapFrom() != Lane.UNKNOWN && lane.gapFrom() <= divergedAt) {
            // What was told is still true. What is lost now is told when it is known.
            lane.undoGap();
        } else if (lane.position() > divergedAt) {
            lane.reset(ResetReason.TRUNCATED, divergedAt, divergedEpoch);
        } else if (lane.position() == divergedAt) {
            // A frame of which a part was written is the record's at this very offset, and there is another one now.
            lane.stream.loseFrame(lane);
        }
        resettle(lane);
    }

    /** Its client has read more, at another edge, than was compared: where the logs have parted says nothing about that. */
    private static boolean isBeyond(Lane lane, long lostHead, int lostEpoch) {
        boolean later = lostEpoch != Cursor.NO_EPOCH && lane.epoch() > lostEpoch;
        return lane.start() == null && lane.gapFrom() == Lane.UNKNOWN && (later || lane.position() > lostHead);
    }

    private static Set<Lane> lanes(PartitionView view) {
        Set<Lane> lanes = new LinkedHashSet<>();
        view.subscribers.values().forEach(all -> {
            for (int i = 0; i < all.size(); i++) {
                lanes.add(all.get(i).lane);
            }
        });
        return lanes;
    }
}
