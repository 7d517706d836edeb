package io.tailrace.edge.stream;

import java.util.ArrayList;
import java.util.List;

/**
 * Tells a stream what it must know: that it is open, what is lost, what has changed, that it ends.
 *
 * <p>The rule that keeps gaps from being silent: an id never promises a position behind something untold. Before any
 * event is written, {@link #tell} has written everything that was due.
 */
final class Notices {
    private final LoopState state;
    private final FrameWriter writer;

    Notices(LoopState state, FrameWriter writer) {
        this.state = state;
        this.writer = writer;
    }

    /** Opens a stream if every lane has its place, or if {@code waited} long enough for those that have not. */
    boolean open(EventStream stream, boolean waited) {
        if (!waited) {
            for (int i = 0; i < stream.laneCount(); i++) {
                if (!stream.lane(i).isSettled()) {
                    return false;
                }
            }
        }
        stream.open = true;
        for (int i = 0; i < stream.laneCount(); i++) {
            Lane lane = stream.lane(i);
            lane.startOwed = !lane.isSettled();
            // One that starts where its partition was last read is told as started, and as unavailable after that.
            lane.toldUnavailable = lane.view.unavailable && lane.startOwed;
            stream.noticesDue |= lane.view.unavailable && !lane.startOwed;
        }
        // The event itself says where and why a channel is reset, so that its id may stand at the new start.
        long retryMs = state.jittered(state.settings.retryMs());
        switch (stream.mode) {
            case CHANNELS, WEBSOCKET, GRPC ->
                writer.control(stream, "stream.open", ControlData.open(stream), true, retryMs);
            case WATCH -> writer.control(stream, null, "connected", !anyReset(stream), retryMs);
        }
        stream.opening = List.of();
        stream.noticesDue |= stream.unusableCursor != null;
        state.enqueue(stream);
        return true;
    }

    /** Writes everything that is due, so that the next id may stand for it. */
    void tell(EventStream stream) {
        stream.noticesDue = false;
        tellChannels(stream);
        tellResets(stream);
        for (int i = 0; i < stream.laneCount(); i++) {
            Lane lane = stream.lane(i);
            if (lane.gapFrom() != Lane.UNKNOWN) {
                String data = ControlData.gap(lane);
                lane.gapTold();
                writer.control(stream, "stream.gap", data, true, 0);
                state.gaps++;
            }
        }
    }

    /** One event for each reason. Only the last one has an id, because an id is a promise for all channels. */
    private void tellResets(EventStream stream) {
        if (!anyReset(stream)) {
            return;
        }
        ResetReason unusable = stream.unusableCursor;
        stream.unusableCursor = null;
        List<ResetReason> reasons = new ArrayList<>(1);
        for (ResetReason reason : ResetReason.values()) {
            if (reason == unusable || !untold(stream, reason).isEmpty()) {
                reasons.add(reason);
            }
        }
        for (ResetReason reason : reasons) {
            List<Lane> lanes = reason == unusable ? all(stream) : untold(stream, reason);
            String data = ControlData.reset(reason, lanes);
            lanes.stream().filter(lane -> lane.untoldReset() == reason).forEach(Lane::resetTold);
            writer.control(stream, "stream.reset", data, reason == reasons.getLast(), 0);
            state.resets++;
        }
    }

    private void tellChannels(EventStream stream) {
        PendingChanges changes = stream.changes;
        stream.changes = null;
        List<Lane> unavailable = new ArrayList<>(0);
        List<Lane> available = new ArrayList<>(0);
        for (int i = 0; i < stream.laneCount(); i++) {
            Lane lane = stream.lane(i);
            boolean down = lane.view.unavailable;
            if (lane.isSettled() && (lane.startOwed || (lane.toldUnavailable && !down))) {
                available.add(lane);
                lane.startOwed = false;
                lane.toldUnavailable = false;
            }
            if (down && !lane.toldUnavailable) {
                unavailable.add(lane);
                lane.toldUnavailable = true;
            }
            // Told as pending, now or before.
            lane.startOwed |= !lane.isSettled();
        }
        boolean any = changes != null || !unavailable.isEmpty() || !available.isEmpty();
        switch (stream.mode) {
            case CHANNELS, WEBSOCKET, GRPC -> {
                if (any) {
                    String data = ControlData.channels(stream, changes, unavailable, available);
                    writer.control(stream, "stream.channels", data, !anyReset(stream), 0);
                }
            }
            case WATCH -> {
                if (!available.isEmpty() && !anyReset(stream)) {
                    writer.position(stream);
                }
            }
        }
    }

    /** Replay has met the head. */
    void caughtUp(EventStream stream) {
        stream.caughtUpDue = false;
        if (stream.mode != StreamPlan.Mode.WATCH) {
            writer.control(stream, "stream.caught_up", "{}", true, 0);
        }
    }

    /** The last frames of a stream. */
    void closing(EventStream stream, CloseReason reason) {
        if (stream.begun != null) {
            // Nothing can be told in the middle of a frame. The client resumes before it.
            writer.end(stream, reason);
            return;
        }
        if (stream.noticesDue) {
            tell(stream);
        }
        long retryMs = reason.reconnect() ? state.jittered(state.settings.retryMs()) : 0;
        switch (stream.mode) {
            case CHANNELS, WEBSOCKET, GRPC ->
                writer.control(stream, "stream.closing", ControlData.closing(reason), true, retryMs);
            case WATCH -> writer.control(stream, null, "disconnected", true, retryMs);
        }
        writer.end(stream, reason);
    }

    private static boolean anyReset(EventStream stream) {
        for (int i = 0; i < stream.laneCount(); i++) {
            if (stream.lane(i).untoldReset() != null) {
                return true;
            }
        }
        return stream.unusableCursor != null;
    }

    private static List<Lane> untold(EventStream stream, ResetReason reason) {
        List<Lane> lanes = new ArrayList<>(0);
        for (int i = 0; i < stream.laneCount(); i++) {
            if (stream.lane(i).untoldReset() == reason) {
                lanes.add(stream.lane(i));
            }
        }
        return lanes;
    }

    private static List<Lane> all(EventStream stream) {
        List<Lane> lanes = new ArrayList<>(stream.laneCount());
        for (int i = 0; i < stream.laneCount(); i++) {
            lanes.add(stream.lane(i));
        }
        return lanes;
    }
}
