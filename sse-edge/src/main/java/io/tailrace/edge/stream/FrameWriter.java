package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.edge.window.Batch;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Appends frames to sinks: events with their ids, comments, heartbeats, id-only frames and control frames. What goes to a WebSocket is
 * the {@link MessageWriter}'s, and what goes to a client of gRPC the {@link ResponseWriter}'s.
 */
final class FrameWriter {
    private static final byte[] ID = ascii("id: ");
    private static final byte[] DATA = ascii("data: ");
    private static final byte[] LINE_END = ascii("\n");
    private static final byte[] FRAME_END = ascii("\n\n");

    /**
     * One line. A blank line behind it would dispatch nothing in a browser (WHATWG HTML, section 9.2.6), but decoders that
     * count every blank line as the end of an event hand out an empty one. It stands between frames only, as all that is
     * written by deadlines does.
     */
    private static final byte[] COMMENT = ascii(":\n");

    private final LoopState state;
    private final StreamCursor cursor = new StreamCursor();
    private final MessageWriter messages;
    private final ResponseWriter responses;

    FrameWriter(LoopState state) {
        this.state = state;
        this.messages = new MessageWriter(state, cursor);
        this.responses = new ResponseWriter(state, cursor);
    }

    /**
     * Appends frames of a lane, as many as lie next to each other, up to the bound of one append.
     *
     * @param lane a lane whose stream may be told about everything up to these frames
     * @param hits positions in the batch
     * @param at which hit is first
     * @param limit no hit from here on
     * @param room bytes that may be appended, above 0; what is written before the record (its id, its type) does not count
     * @return how many were appended; 0 if the first one did not fit, and was begun
     */
    int events(Lane lane, Batch batch, Hits hits, int at, int limit, int room) {
        EventStream stream = lane.stream;
        int first = hits.get(at);
        if (!stream.hasOneChannel() || stream.mode != StreamPlan.Mode.CHANNELS) {
            return event(lane, batch, first, room);
        }
        if (batch.end(first) - batch.bodyStart(first) > room) {
            return event(lane, batch, first, room);
        }
        // A stream of one channel has the id that lies before each frame already: neighbours are one copy.
        int from = batch.start(first);
        int last = first;
        int count = 1;
        while (at + count < limit && hits.get(at + count) == last + 1 && batch.end(last + 1) - from <= room) {
            last++;
            count++;
        }
        state.append(stream, batch, from, batch.end(last) - from);
        stream.idWritten(batch.offset(last) + 1, state.nowMs);
        state.deliveries += count;
        return count;
    }

    /** Appends one frame, or begins it; returns how many were appended. */
    private int event(Lane lane, Batch batch, int position, int room) {
        EventStream stream = lane.stream;
        int length = splitEnd(stream, batch, position) - splitStart(stream, batch, position);
        int now = Math.min(length, room);
        MessageFraming framing = framing(stream);
        byte[] withLast = null;
        if (framing != null) {
            withLast = framing.event(lane, batch, position, now);
        } else {
            head(lane, batch, position);
            part(stream, batch, position, length, now);
        }
        if (now < length) {
            stream.begun =
                    new BegunFrame(lane, batch.offset(position), batch.leaderEpoch(), length, length - now, withLast);
            return 0;
        }
        state.deliveries++;
        return 1;
    }

    /**
     * Appends more of a frame that was begun.
     *
     * @param position of the frame's record in the batch
     * @param room as for {@link #events}
     * @return whether it is the same frame; if not, nothing was appended
     */
    boolean goOn(EventStream stream, BegunFrame frame, Batch batch, int position, int room) {
        if (splitEnd(stream, batch, position) - splitStart(stream, batch, position) != frame.length) {
            return false;
        }
        int now = Math.min(frame.left, room);
        MessageFraming framing = framing(stream);
        if (framing != null) {
            framing.goOn(stream, frame, batch, position, now);
        } else {
            part(stream, batch, position, frame.left, now);
        }
        frame.left -= now;
        if (frame.left == 0) {
            state.deliveries++;
        }
        return true;
    }

    private void head(Lane lane, Batch batch, int position) {
        EventStream stream = lane.stream;
        int body = batch.bodyStart(position);
        if (stream.hasOneChannel()) {
            state.append(stream, batch, batch.start(position), body - batch.start(position));
            stream.idWritten(batch.offset(position) + 1, state.nowMs);
        } else {
            idLine(stream, lane, batch.offset(position) + 1, batch.leaderEpoch());
        }
        if (stream.mode == StreamPlan.Mode.WATCH) {
            state.append(stream, batch, body, batch.dataStart(position) - body);
            append(stream, DATA);
        }
    }

    /** Appends the next {@code now} of the {@code left} bytes that are left, and what ends the frame after the last. */
    private void part(EventStream stream, Batch batch, int position, int left, int now) {
        state.append(stream, batch, splitEnd(stream, batch, position) - left, now);
        if (now == left && stream.mode == StreamPlan.Mode.WATCH) {
            append(stream, FRAME_END);
        }
    }

    private int splitStart(EventStream stream, Batch batch, int position) {
        return switch (stream.mode) {
            case CHANNELS -> batch.bodyStart(position);
            case WATCH -> batch.valueStart(position);
            case WEBSOCKET -> messages.start(batch, position);
            case GRPC -> responses.start(batch, position);
        };
    }

    private int splitEnd(EventStream stream, Batch batch, int position) {
        return switch (stream.mode) {
            case CHANNELS -> batch.end(position);
            case WATCH -> batch.valueEnd(position);
            case WEBSOCKET -> messages.end(batch, position);
            case GRPC -> responses.end(batch, position);
        };
    }

    /** Keeps the connection alive. */
    void comment(EventStream stream) {
        MessageFraming framing = framing(stream);
        if (framing != null) {
            framing.ping(stream);
            return;
        }
        append(stream, COMMENT);
    }

    /**
     * Moves the client's cursor. A client that asked for heartbeats gets the id with one; another one gets an id alone, which
     * a browser keeps without firing an event, because there is no data (WHATWG HTML, section 9.2.6).
     */
    void position(EventStream stream) {
        if (stream.heartbeatMs > 0) {
            heartbeat(stream);
            return;
        }
        MessageFraming framing = framing(stream);
        if (framing != null) {
            framing.idOnly(stream);
            return;
        }
        idLine(stream, null, 0, Cursor.NO_EPOCH);
        append(stream, LINE_END);
    }

    /** A named event that scripts can see, where comments, Pings and ids alone stay below their view. */
    void heartbeat(EventStream stream) {
        stream.heartbeatDue = false;
        stream.lastHeartbeatMs = state.nowMs;
        // An id is a promise that everything before it was told.
        control(stream, "stream.heartbeat", "{}", !stream.noticesDue && hasMoved(stream), 0);
        if (stream.mode == StreamPlan.Mode.WEBSOCKET && stream.pingedAtMs < 0) {
            // Otherwise heartbeats would keep the stream from ever being quiet enough for a Ping, whose answer the edge
            // needs.
            messages.ping(stream);
        }
    }

    /** Whether the stream's position can't be told yet: see {@link StreamCursor#isTorn}. */
    boolean isTorn(EventStream stream) {
        return cursor.isTorn(stream);
    }

    /** Whether the stream's position is another one than the last id has told. */
    boolean hasMoved(EventStream stream) {
        return cursor.encode(stream) > 0 && cursor.sum() != stream.lastIdSum;
    }

    /**
     * Appends a frame of the edge's own.
     *
     * @param type its event type, null for an unnamed message
     * @param withId whether it carries the stream's position
     * @param retryMs a reconnection time for the client, 0 for none
     */
    void control(EventStream stream, @Nullable String type, String data, boolean withId, long retryMs) {
        MessageFraming framing = framing(stream);
        if (framing != null && type != null) {
            framing.control(stream, type, data, withId, retryMs);
            return;
        }
        if (retryMs > 0) {
            append(stream, ascii(String.format(Locale.ROOT, "retry: %d\n", retryMs)));
        }
        if (withId) {
            idLine(stream, null, 0, Cursor.NO_EPOCH);
        }
        String event = type == null ? "" : "event: " + type + "\n";
        append(stream, (event + "data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Says the end of a stream in the way of its transport, if that has one. Nothing may be appended after it. */
    void end(EventStream stream, CloseReason reason) {
        MessageFraming framing = framing(stream);
        if (framing != null) {
            framing.close(stream, reason);
        }
    }

    /** Who writes the frames of a stream that is not one of SSE; null if it is one. */
    private @Nullable MessageFraming framing(EventStream stream) {
        return switch (stream.mode) {
            case CHANNELS, WATCH -> null;
            case WEBSOCKET -> messages;
            case GRPC -> responses;
        };
    }

    private void idLine(EventStream stream, @Nullable Lane current, long currentOffset, int currentEpoch) {
        int length = cursor.encode(stream, current, currentOffset, currentEpoch);
        if (length > 0) {
            append(stream, ID);
            state.append(stream, cursor.text(), 0, length);
            append(stream, LINE_END);
            stream.idWritten(cursor.sum(), state.nowMs);
        }
    }

    private void append(EventStream stream, byte[] bytes) {
        state.append(stream, bytes, 0, bytes.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
