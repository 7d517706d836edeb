package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.PartitionFacts;
import io.tailrace.edge.window.PartitionId;
import io.tailrace.edge.window.PartitionWindow;
import java.util.List;

/** Holds lanes against what is known of their partitions, and takes in news about partitions. */
final class Placement {
    /** Between two questions about lanes that are beyond the head. A log comes to such a lane within moments. */
    private static final long AHEAD_DOUBT_MS = 5_000;

    private final LoopState state;
    private final Questions questions;

    Placement(LoopState state, Questions questions) {
        this.state = state;
        this.questions = questions;
    }

    /** A lane that was just made takes its place, if its partition is ready. */
    void enter(Lane lane) {
        state.enter(lane);
        if (lane.view.ready) {
            place(lane);
        } else if (lane.stream.open) {
            dropOtherGeneration(lane);
        }
    }

    void onReady(PartitionFacts facts, List<Batch> batches) {
        PartitionView view = state.views.get(facts.partition());
        if (view == null) {
            return;
        }
        long windowStart = batches.isEmpty() ? facts.head() : batches.getFirst().fromOffset();
        PartitionWindow window = new PartitionWindow(windowStart, facts.headEpoch(), state.settings.windowBytes());
        batches.forEach(window::append);
        if (window.head() != facts.head()) {
            throw new IllegalArgumentException("partition " + facts.partition() + ": the window ends at "
                    + window.head() + ", expected the head " + facts.head());
        }
        adopt(facts.partition().namespace(), facts.generation());
        setUnavailable(view, false);
        if (!view.ready || facts.head() > view.head()) {
            leaveHead(view);
            view.window = window;
        }
        view.logVersion = facts.logVersion();
        view.ready = true;
        view.logStart = Math.max(view.logStart, facts.logStart());
        for (int i = view.pending.size() - 1; i >= 0; i--) {
            place(view.pending.get(i));
        }
        reconsiderAhead(view);
    }

    void onUnavailable(PartitionId partition) {
        PartitionView view = state.views.get(partition);
        if (view != null) {
            setUnavailable(view, true);
        }
    }

    /** The generation of a topic is known now, or is another one. */
    void adopt(int namespace, Generation generation) {
        for (PartitionView view : state.views.values()) {
            if (view.id.namespace() == namespace && !generation.equals(view.generation)) {
                boolean known = view.generation != null;
                view.generation = generation;
                if (known) {
                    forgetLog(view);
                }
                view.subscribers.values().forEach(all -> {
                    for (int i = 0; i < all.size(); i++) {
                        Lane lane = all.get(i).lane;
                        if (known) {
                            regenerate(lane);
                        } else if (lane.stream.open) {
                            dropOtherGeneration(lane);
                        }
                    }
                });
            }
        }
    }

    void onLogStart(PartitionId partition, Generation generation, long logStart) {
        PartitionView view = current(partition, generation);
        if (view != null) {
            view.logStart = Math.max(view.logStart, logStart);
            reconsiderAhead(view);
        }
    }

    /**
     * The stream has waited long enough to be opened. A position of another generation can't stand beside those of this
     * one in a cursor, so it is given up, though a broker has not confirmed it.
     */
    void stopWaiting(EventStream stream) {
        for (int i = 0; i < stream.laneCount(); i++) {
            dropOtherGeneration(stream.lane(i));
        }
    }

    /** The head or the start of the log has moved: lanes that were ahead may not be any more. */
    void reconsiderAhead(PartitionView view) {
        for (int i = view.ahead.size() - 1; i >= 0; i--) {
            Lane lane = view.ahead.get(i);
            if (lane.isAhead() || !isOfGeneration(lane, view)) {
                continue;
            }
            if (PositionCheck.of(lane.position(), lane.epoch(), view) instanceof PositionCheck.Valid) {
                lane.started(lane.position(), lane.epoch());
                settle(lane);
            } else if (lane.start() == null && view.generation != null) {
                // The log has come to it, but it may be another log than a broker had when it was asked.
                lane.question(view.generation);
                place(lane);
            }
        }
    }

    /**
     * Asks anew about lanes that wait for the log to come to them. It may have been cut since a broker was asked, and nothing
     * written since that would show it.
     */
    void doubtAhead() {
        for (PartitionView view : state.views.values()) {
            if (view.ready && view.ahead.size() > 0 && state.nowMs - view.doubtedAtMs >= AHEAD_DOUBT_MS) {
                view.doubtedAtMs = state.nowMs;
                doubt(view);
            }
        }
    }

    private void doubt(PartitionView view) {
        for (int i = view.ahead.size() - 1; i >= 0; i--) {
            Lane lane = view.ahead.get(i);
            if (lane.start() == null && view.generation != null) {
                lane.question(view.generation);
                place(lane);
            }
        }
    }

    private static boolean isOfGeneration(Lane lane, PartitionView view) {
        return !(lane.start() instanceof Start.At at) || at.generation().equals(view.generation);
    }

    /** Live lanes stay where the window ends, because it will go on somewhere else. */
    void leaveHead(PartitionView view) {
        if (!view.ready) {
            return;
        }
        view.subscribers.values().forEach(all -> {
            for (int i = 0; i < all.size(); i++) {
                Lane lane = all.get(i).lane;
                if (lane.phase() == LanePhase.LIVE) {
                    lane.stayAtHead();
                    state.move(lane, LanePhase.CATCHING_UP);
                    state.enqueue(lane.stream);
                }
            }
        });
    }

    /** A lane is held against the log, if its partition is ready and it was not before. */
    void place(Lane lane) {
        PartitionView view = lane.view;
        Start start = lane.start();
        if (start != null && view.generation != null) {
            switch (StartResolution.resolve(start, view)) {
                case StartResolution.From from -> lane.started(from.offset(), epochOf(start, view));
                case StartResolution.Gap gap -> {
                    lane.started(gap.from(), epochOf(start, view));
                    lane.skipTo(gap.to());
                }
                case StartResolution.Truncated cut -> lane.reset(ResetReason.TRUNCATED, cut.to(), cut.epoch());
                case StartResolution.Ask ask -> {
                    // An answer that is under way may be older than the record before the client's cursor.
                    lane.askedAs = state.asks + 1;
                    if (lane.phase() != LanePhase.AHEAD) {
                        state.move(lane, LanePhase.AHEAD);
                    }
                    questions.ask(view);
                    return;
                }
            }
        }
        settle(lane);
    }

    private static int epochOf(Start start, PartitionView view) {
        return switch (start) {
            case Start.Live live -> view.headEpoch();
            case Start.Earliest earliest -> Cursor.NO_EPOCH;
            case Start.At at -> at.leaderEpoch();
        };
    }

    /** A lane whose position is known goes on from there. */
    void settle(Lane lane) {
        PartitionView view = lane.view;
        if (lane.position() < LoopState.servableFrom(view)) {
            lane.skipTo(LoopState.servableFrom(view));
        }
        LanePhase next = lane.isAhead() ? LanePhase.AHEAD : LanePhase.CATCHING_UP;
        if (lane.phase() != next) {
            state.move(lane, next);
        }
        lane.stream.noticesDue |= lane.startOwed;
        state.enqueue(lane.stream);
    }

    private void regenerate(Lane lane) {
        if (lane.start() == null) {
            reset(lane);
        }
        if (lane.phase() != LanePhase.PENDING) {
            state.move(lane, LanePhase.PENDING);
        }
        if (lane.stream.open) {
            dropOtherGeneration(lane);
        }
        state.enqueue(lane.stream);
    }

    private void dropOtherGeneration(Lane lane) {
        Generation generation = lane.view.generation;
        if (generation == null
                || !(lane.start() instanceof Start.At at)
                || at.generation().equals(generation)) {
            return;
        }
        reset(lane);
        if (lane.view.ready) {
            settle(lane);
        }
        state.enqueue(lane.stream);
    }

    /** Nothing of the new topic was seen, so all of it is wanted; what retention has taken already is told as a gap. */
    static void reset(Lane lane) {
        lane.reset(ResetReason.OTHER_GENERATION, 0);
    }

    private void forgetLog(PartitionView view) {
        view.ready = false;
        view.window = new PartitionWindow(0, 1);
        view.logStart = 0;
        view.requestedOffset = PartitionView.NOTHING;
        view.sweptTo = 0;
        view.outstandingAsk = PartitionView.NOTHING;
        view.askAgain = false;
        view.doubtedEpoch = Cursor.NO_EPOCH;
        view.epochs.clear();
        state.cache.drop(view);
    }

    private void setUnavailable(PartitionView view, boolean unavailable) {
        if (view.unavailable == unavailable) {
            return;
        }
        view.unavailable = unavailable;
        view.subscribers.values().forEach(all -> {
            for (int i = 0; i < all.size(); i++) {
                EventStream stream = all.get(i).lane.stream;
                stream.noticesDue = true;
                state.enqueue(stream);
            }
        });
    }

    private @org.jspecify.annotations.Nullable PartitionView current(PartitionId partition, Generation generation) {
        PartitionView view = state.views.get(partition);
        return view != null && view.ready && generation.equals(view.generation) ? view : null;
    }
}
