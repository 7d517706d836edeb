package io.tailrace.edge.stream;

import io.tailrace.edge.window.Batch;
import java.util.ArrayList;
import java.util.List;

/** What was appended to the sinks of a loop and not sent, and what the frames keep that are written in parts. */
final class Pending {
    private final LoopState state;

    /** What all sinks hold, those among them whose streams have ended a moment ago. */
    private long bytes;

    /** How often a stream was held back though its own sink took more. */
    private long heldBack;

    /** Bytes of batches that are kept only for frames that were begun. */
    private long pinnedBytes;

    /** Streams that have ended and whose sinks held something then. */
    private final List<EventStream> departed = new ArrayList<>();

    Pending(LoopState state) {
        this.state = state;
    }

    long bytes() {
        return bytes;
    }

    long heldBack() {
        return heldBack;
    }

    void appended(EventStream stream, int length) {
        stream.pendingBytes += length;
        bytes += length;
    }

    /**
     * How many bytes of events may be appended to a stream next, 0 if none. As long as all streams together have less pending
     * than the bound, a stream may have as much as its sink takes. From there on each has its reserve, so that readers who have
     * stopped reading can take what is above it from the others, and never all of it.
     */
    int room(EventStream stream) {
        if (!state.isWritable(stream)) {
            return 0;
        }
        if (bytes < state.settings.pendingBytes()) {
            return state.settings.appendBytes();
        }
        long left = state.settings.reserveBytes() - stream.pendingBytes;
        if (2 * left < state.settings.reserveBytes()) {
            heldBack++;
            return 0;
        }
        return (int) Math.min(state.settings.appendBytes(), left);
    }

    /** Asks a stream's sink what it holds. */
    void refresh(EventStream stream) {
        long now = 0;
        if (!stream.gone) {
            try {
                now = stream.sink().pendingBytes();
            } catch (RuntimeException | Error e) {
                state.fail(stream, "pendingBytes", e);
            }
        }
        bytes += now - stream.pendingBytes;
        stream.pendingBytes = now;
    }

    /** A stream has ended. What its sink goes on to hold still counts. */
    void depart(EventStream stream) {
        end(stream);
        refresh(stream);
        if (stream.pendingBytes > 0) {
            departed.add(stream);
        }
    }

    /** Looks after what the sinks of ended streams have sent. */
    void forgetDeparted() {
        departed.forEach(this::refresh);
        departed.removeIf(stream -> stream.pendingBytes == 0);
    }

    /** A lane is about to be given up: a frame of its that was begun is finished from memory, if that has it. */
    void pin(Lane lane) {
        BegunFrame frame = lane.stream.begun;
        if (frame == null || frame.lane != lane || lane.stream.closed) {
            return;
        }
        Batch batch = state.source(lane, frame.offset);
        if (batch == null || pinnedBytes + batch.byteSize() > state.settings.replayCacheBytes()) {
            frame.lost = true;
            return;
        }
        frame.pinned = batch;
        pinnedBytes += batch.byteSize();
    }

    /** The frame that a stream has begun is finished, or never will be. */
    void end(EventStream stream) {
        BegunFrame frame = stream.begun;
        stream.begun = null;
        if (frame != null && frame.pinned != null) {
            pinnedBytes -= frame.pinned.byteSize();
        }
    }
}
