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
    private final LoopState state;

    Placement(LoopState state) {
        this.state = state;
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
        view.ready = true;
        view.logStart = Math.max(view.logStart, facts.logStart());
        for (int i = view.pending.size() - 1; i >= 0; i--) {
            place(view.pending.get(i));
        }
        onHeadMoved(view);
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
        }
    }

    void onLogEnd(PartitionId partition, Generation generation, long logEnd, long ask) {
        PartitionView view = state.views.get(partition);
        if (view == null || view.outstandingAsk != ask) {
            return;
        }
        view.outstandingAsk = PartitionView.NOTHING;
        // If it is of another generation, the tailer has not noticed yet: it is asked again at the next tick.
        boolean current = generation.equals(view.generation);
        boolean unasked = false;
        for (int i = view.ahead.size() - 1; i >= 0; i--) {
            Lane lane = view.ahead.get(i);
            if (lane.start() instanceof Start.At at) {
                unasked |= lane.askedAs > ask;
                if (current && lane.askedAs <= ask) {
                    judge(lane, at, logEnd);
                }
            }
        }
        view.askAgain = !current;
        if (current && unasked) {
            ask(view);
        }
    }

    private void judge(Lane lane, Start.At at, long logEnd) {
        if (!at.generation().equals(lane.view.generation)) {
            reset(lane);
        } else if (at.offset() > logEnd) {
            lane.reset(ResetReason.BEYOND_END, Math.max(logEnd, lane.view.head()));
        } else {
            lane.started(at.offset(), at.leaderEpoch());
        }
        settle(lane);
    }

    /** What could not be answered is asked again. */
    void resume() {
        for (PartitionView view : state.views.values()) {
            if (view.askAgain && view.ready) {
                view.askAgain = false;
                ask(view);
            }
        }
    }

    private void ask(PartitionView view) {
        if (view.outstandingAsk == PartitionView.NOTHING) {
            view.outstandingAsk = ++state.asks;
            try {
                state.log.requestLogEnd(view.id, view.outstandingAsk);
            } catch (RuntimeException | Error e) {
                view.outstandingAsk = PartitionView.NOTHING;
                view.askAgain = true;
                state.fault("requestLogEnd", e);
            }
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

    /** Lanes above the head may be below it now. */
    void onHeadMoved(PartitionView view) {
        for (int i = view.ahead.size() - 1; i >= 0; i--) {
            Lane lane = view.ahead.get(i);
            boolean fits =
                    !(lane.start() instanceof Start.At at) || at.generation().equals(view.generation);
            if (fits && lane.position() <= view.head()) {
                lane.started(lane.position(), lane.epoch());
                settle(lane);
            }
        }
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

    private void place(Lane lane) {
        PartitionView view = lane.view;
        Start start = lane.start();
        Generation generation = view.generation;
        if (start != null && generation != null) {
            PartitionFacts facts =
                    new PartitionFacts(view.id, generation, Math.min(view.logStart, view.head()), view.head());
            switch (StartResolution.resolve(start, facts, LoopState.servableFrom(view))) {
                case StartResolution.From from -> lane.started(from.offset(), epochOf(start, view));
                case StartResolution.Gap gap -> {
                    lane.started(gap.from(), epochOf(start, view));
                    lane.skipTo(gap.to());
                }
                case StartResolution.Ask ask -> {
                    // An answer that is under way may be older than the record before the client's cursor.
                    lane.askedAs = state.asks + 1;
                    state.move(lane, LanePhase.AHEAD);
                    ask(view);
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
    private void settle(Lane lane) {
        PartitionView view = lane.view;
        if (lane.position() < LoopState.servableFrom(view)) {
            lane.skipTo(LoopState.servableFrom(view));
        }
        LanePhase next = lane.position() > view.head() ? LanePhase.AHEAD : LanePhase.CATCHING_UP;
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
    private static void reset(Lane lane) {
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
