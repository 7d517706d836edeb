package io.tailrace.edge.stream;

import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.PartitionWindow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The live path: one batch to all lanes at the head that want something of it. */
final class Delivery {
    private final LoopState state;
    private final FrameWriter writer;
    private final Placement placement;
    private final Hits channelHits = new Hits();
    private final ArrayDeque<Hits> spareHits = new ArrayDeque<>();

    /** Lanes of several channels that the batch has something for. */
    private final List<Lane> gathering = new ArrayList<>();

    Delivery(LoopState state, FrameWriter writer, Placement placement) {
        this.state = state;
        this.writer = writer;
        this.placement = placement;
    }

    void onBatch(Batch batch) {
        PartitionView view = state.views.get(batch.partition());
        if (view == null || !view.ready || !batch.generation().equals(view.generation)) {
            return;
        }
        if (batch.toOffset() <= view.head()) {
            return;
        }
        if (batch.fromOffset() > view.head()) {
            // The tailer has skipped something. The lanes stay where they are and read it from the log.
            placement.leaveHead(view);
            view.window = new PartitionWindow(batch.fromOffset(), state.settings.windowBytes());
        }
        try {
            deliver(view, batch);
        } finally {
            // Whatever happens: positions in this batch mean other channels' frames in the next one.
            returnHits();
        }
        view.window.append(batch);
        placement.reconsiderAhead(view);
    }

    private void deliver(PartitionView view, Batch batch) {
        int first = batch.firstAtOrAfter(view.head());
        if (view.subscribers.size() < batch.index().size()) {
            for (Map.Entry<String, Subscribers> entry : view.subscribers.entrySet()) {
                int[] positions = batch.positions(entry.getKey());
                if (positions.length > 0) {
                    deliver(entry.getValue(), batch, positions, first);
                    entry.getValue().arrived(channelHits.size());
                }
            }
        } else {
            for (Map.Entry<String, int[]> entry : batch.index().entrySet()) {
                Subscribers subscribers = view.subscribers.get(entry.getKey());
                if (subscribers != null) {
                    deliver(subscribers, batch, entry.getValue(), first);
                    subscribers.arrived(channelHits.size());
                }
            }
        }
        for (Lane lane : gathering) {
            Hits hits = lane.hits;
            if (hits != null) {
                hits.sort();
                deliver(lane, batch, hits);
            }
        }
    }

    private void returnHits() {
        for (Lane lane : gathering) {
            Hits hits = lane.hits;
            if (hits != null) {
                lane.hits = null;
                hits.clear();
                spareHits.push(hits);
            }
        }
        gathering.clear();
    }

    private void deliver(Subscribers subscribers, Batch batch, int[] positions, int first) {
        channelHits.clear();
        channelHits.addFrom(positions, first);
        for (int i = 0; i < subscribers.size(); i++) {
            Lane lane = subscribers.get(i).lane;
            if (lane.phase() != LanePhase.LIVE) {
                continue;
            }
            if (lane.channels() == 1) {
                deliver(lane, batch, channelHits);
            } else {
                gather(lane, positions, first);
            }
        }
    }

    private void gather(Lane lane, int[] positions, int first) {
        Hits hits = lane.hits;
        if (hits == null) {
            hits = spareHits.isEmpty() ? new Hits() : spareHits.pop();
            lane.hits = hits;
            gathering.add(lane);
        }
        hits.addFrom(positions, first);
    }

    /** What throws for one stream is that stream's end, and the others get their events. */
    private void deliver(Lane lane, Batch batch, Hits hits) {
        try {
            write(lane, batch, hits);
        } catch (RuntimeException | Error e) {
            state.fail(lane.stream, "delivery", e);
        }
    }

    private void write(Lane lane, Batch batch, Hits hits) {
        EventStream stream = lane.stream;
        int done = 0;
        while (done < hits.size()) {
            boolean ready = !stream.isLeaving() && !stream.noticesDue && stream.begun == null;
            int room = ready ? state.pending.room(stream) : 0;
            int count = room == 0 ? 0 : writer.events(lane, batch, hits, done, hits.size(), room);
            if (count == 0) {
                fallBehind(lane, batch.offset(hits.get(done)), batch);
                return;
            }
            done += count;
        }
    }

    /** Nothing is kept for a stream that can't take it: it remembers where it was, and is pulled when it is writable. */
    private void fallBehind(Lane lane, long offset, Batch batch) {
        lane.stayAtHead();
        lane.moveTo(offset, batch);
        state.move(lane, LanePhase.CATCHING_UP);
        if (lane.stream.isLeaving()) {
            return;
        }
        if (state.pending.room(lane.stream) > 0) {
            state.enqueue(lane.stream);
        } else {
            lane.stream.blocked = true;
        }
    }
}
