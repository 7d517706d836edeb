package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.contracts.cursor.Generation;
import io.tailrace.edge.window.PartitionId;

/** Asks brokers what a loop can't know about the positions that clients come with: one question per partition at a time. */
final class Questions {
    private final LoopState state;

    Questions(LoopState state) {
        this.state = state;
    }

    void ask(PartitionView view) {
        if (view.outstandingAsk == PartitionView.NOTHING) {
            view.outstandingAsk = ++state.asks;
            try {
                state.log.requestLogEnd(view.id, epochToAsk(view), view.outstandingAsk);
            } catch (RuntimeException | Error e) {
                view.outstandingAsk = PartitionView.NOTHING;
                view.askAgain = true;
                state.fault("requestLogEnd", e);
            }
        }
    }

    /** A broker must say whether the log has an epoch, of which a chunk was read. */
    void ask(PartitionView view, int epoch) {
        view.doubtedEpoch = epoch;
        ask(view);
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

    void onLogEnd(Placement placement, PartitionId partition, Generation generation, LogEnd end, long ask) {
        PartitionView view = state.views.get(partition);
        if (view == null || view.outstandingAsk != ask) {
            return;
        }
        view.outstandingAsk = PartitionView.NOTHING;
        // If it is of another generation, the tailer has not noticed yet: it is asked again at the next tick.
        boolean current = generation.equals(view.generation);
        if (current && end.askedEpoch() != Cursor.NO_EPOCH) {
            EpochBook.End known = new EpochBook.End(end.foundEpoch(), end.epochEnd());
            view.epochs.put(end.askedEpoch(), known, view.headEpoch());
        }
        if (current && view.doubtedEpoch != Cursor.NO_EPOCH) {
            // The chunk is read again, and asks again if the answer was about another epoch.
            view.doubtedEpoch = Cursor.NO_EPOCH;
            view.replayPaused = false;
            state.note(view);
        }
        boolean unanswered = false;
        for (int i = view.ahead.size() - 1; i >= 0; i--) {
            Lane lane = view.ahead.get(i);
            if (lane.start() instanceof Start.At at) {
                boolean asked = lane.askedAs <= ask;
                unanswered |= !asked || (current && !judge(placement, lane, at, end));
            }
        }
        view.askAgain = !current;
        if (current && unanswered) {
            ask(view);
        }
    }

    /** Whether the answer was one for the lane. */
    private static boolean judge(Placement placement, Lane lane, Start.At at, LogEnd end) {
        if (!at.generation().equals(lane.view.generation)) {
            Placement.reset(lane);
        } else {
            switch (check(lane.view, at, end)) {
                case PositionCheck.Unknown unknown -> {
                    return false;
                }
                case PositionCheck.Valid valid
                when isBeyond(at, end) ->
                    // The end as it is known here, of which the epoch is known too.
                    lane.reset(ResetReason.BEYOND_END, lane.view.head(), lane.view.headEpoch());
                case PositionCheck.Valid valid -> lane.started(at.offset(), at.leaderEpoch());
                case PositionCheck.CutAt cut -> lane.reset(ResetReason.TRUNCATED, cut.offset(), cut.epoch());
                case PositionCheck.Cut cut ->
                    lane.reset(ResetReason.TRUNCATED, LoopState.servableFrom(lane.view), Cursor.NO_EPOCH);
            }
        }
        placement.settle(lane);
        return true;
    }

    private static PositionCheck check(PartitionView view, Start.At at, LogEnd end) {
        boolean comparable = at.leaderEpoch() != Cursor.NO_EPOCH && end.leaderEpoch() != Cursor.NO_EPOCH;
        if (!comparable || at.offset() <= view.logStart || at.leaderEpoch() == end.leaderEpoch()) {
            return new PositionCheck.Valid();
        }
        return at.leaderEpoch() > end.leaderEpoch()
                ? new PositionCheck.Cut()
                : PositionCheck.ofOther(at.offset(), at.leaderEpoch(), view);
    }

    /** An epoch that is over tells by itself whether the position is in the log; the end may be told too low after it. */
    private static boolean isBeyond(Start.At at, LogEnd end) {
        boolean over = at.leaderEpoch() != Cursor.NO_EPOCH && at.leaderEpoch() < end.leaderEpoch();
        return !over && at.offset() > end.offset();
    }

    /** The epoch that a chunk or else the first lane waits for; the others are asked one after the other. */
    private static int epochToAsk(PartitionView view) {
        if (view.doubtedEpoch != Cursor.NO_EPOCH) {
            return view.doubtedEpoch;
        }
        for (int i = 0; i < view.ahead.size(); i++) {
            if (view.ahead.get(i).start() instanceof Start.At at
                    && at.generation().equals(view.generation)
                    && PositionCheck.of(at.offset(), at.leaderEpoch(), view) instanceof PositionCheck.Unknown unknown
                    && unknown.epoch() != Cursor.NO_EPOCH) {
                return unknown.epoch();
            }
        }
        return Cursor.NO_EPOCH;
    }
}
