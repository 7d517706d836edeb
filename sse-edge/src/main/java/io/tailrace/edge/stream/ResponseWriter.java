package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.MessageText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Appends frames of {@code tailrace.channels.v1.SubscribeResponse} to sinks, in the encoding of Protocol Buffers. Each frame is an
 * element of the response's repeated field, and elements that stand one after the other are a response: so what is between two
 * flushes is one response, and an envelope goes out as the very bytes that the streams of SSE get.
 */
final class ResponseWriter implements MessageFraming {
    private static final int FRAMES = 1 << 3 | 2;
    private static final int CURSOR = 1 << 3 | 2;
    private static final int TYPE = 2 << 3 | 2;
    private static final int DATA = 3 << 3 | 2;
    private static final int RETRY_MS = 4 << 3;
    private static final int PART = 5 << 3 | 2;
    private static final int MORE = 6 << 3;

    /** The tag of a frame and its length, which is an int of at most five bytes. */
    private static final int MAX_HEADER = 6;

    private static final byte[] EMPTY_FRAME = {FRAMES, 0};

    /** What an event without a type is for whoever reads it, as over WebSocket. */
    private static final byte[] NO_TYPE = "message".getBytes(StandardCharsets.US_ASCII);

    private final LoopState state;
    private final StreamCursor cursor;

    /** The front of a frame; its first bytes are kept free for the header. */
    private byte[] front = new byte[512];

    private int length;

    /** The last record that had to be rewritten, because all streams of a channel want the same one after the other. */
    private @Nullable Batch rewrittenOf;

    private int rewrittenAt;
    private byte[] rewritten = {};

    ResponseWriter(LoopState state, StreamCursor cursor) {
        this.state = state;
        this.cursor = cursor;
    }

    /**
     * An event in parts has its cursor in the last one: a client that keeps each cursor as it comes, and loses the connection
     * between two parts, must get the event again.
     */
    @Override
    public byte @Nullable [] event(Lane lane, Batch batch, int position, int now) {
        EventStream stream = lane.stream;
        int left = end(batch, position) - start(batch, position);
        length = MAX_HEADER;
        if (stream.hasOneChannel()) {
            field(CURSOR, batch.bytes(), batch.idStart(position), batch.idEnd(position));
            stream.idWritten(batch.offset(position) + 1, state.nowMs);
        } else {
            cursor(stream, lane, batch.offset(position) + 1, batch.leaderEpoch());
        }
        byte[] withLast = null;
        if (now < left) {
            withLast = Arrays.copyOfRange(front, MAX_HEADER, length);
            length = MAX_HEADER;
        }
        if (batch.bodyStart(position) == batch.dataStart(position)) {
            field(TYPE, NO_TYPE, 0, NO_TYPE.length);
        } else {
            field(TYPE, batch.bytes(), batch.typeStart(position), batch.typeEnd(position));
        }
        part(stream, batch, position, left, now, now == left ? DATA : PART);
        return withLast;
    }

    @Override
    public void goOn(EventStream stream, BegunFrame frame, Batch batch, int position, int now) {
        length = MAX_HEADER;
        byte[] withLast = frame.withLast;
        if (now == frame.left && withLast != null) {
            put(withLast, 0, withLast.length);
        }
        part(stream, batch, position, frame.left, now, PART);
    }

    private void part(EventStream stream, Batch batch, int position, int left, int now, int field) {
        byte[] source = batch.isPlain(position) ? batch.bytes() : rewritten(batch, position);
        int from = end(batch, position) - left;
        if (now < left) {
            varint(MORE);
            varint(1);
        }
        varint(field);
        varint(now);
        frame(stream, now);
        state.append(stream, source, from, now);
    }

    @Override
    public int start(Batch batch, int position) {
        return batch.isPlain(position) ? batch.jsonStart(position) : MessageText.dataStart(rewritten(batch, position));
    }

    @Override
    public int end(Batch batch, int position) {
        return batch.isPlain(position) ? batch.jsonEnd(position) : rewritten(batch, position).length;
    }

    @Override
    public void control(EventStream stream, String type, String data, boolean withId, long retryMs) {
        length = MAX_HEADER;
        if (withId) {
            cursor(stream, null, 0, Cursor.NO_EPOCH);
        }
        field(TYPE, type);
        field(DATA, data);
        if (retryMs > 0) {
            varint(RETRY_MS);
            varint(Math.toIntExact(retryMs));
        }
        frame(stream, 0);
    }

    @Override
    public void idOnly(EventStream stream) {
        length = MAX_HEADER;
        cursor(stream, null, 0, Cursor.NO_EPOCH);
        if (length > MAX_HEADER) {
            frame(stream, 0);
        }
    }

    /** An empty frame. No answer is owed: whether the client is there is found out by HTTP/2 below. */
    @Override
    public void ping(EventStream stream) {
        state.append(stream, EMPTY_FRAME, 0, EMPTY_FRAME.length);
    }

    /** The status of the call, which is not among its messages. */
    @Override
    public void close(EventStream stream, CloseReason reason) {
        stream.sink().ending(reason);
    }

    private void cursor(EventStream stream, @Nullable Lane current, long currentOffset, int currentEpoch) {
        int count = cursor.encode(stream, current, currentOffset, currentEpoch);
        if (count > 0) {
            field(CURSOR, cursor.text(), 0, count);
            stream.idWritten(cursor.sum(), state.nowMs);
        }
    }

    /** Appends the front with its header. */
    private void frame(EventStream stream, int more) {
        int payload = length - MAX_HEADER + more;
        int start = MAX_HEADER - 1 - varintLength(payload);
        int end = length;
        length = start;
        varint(FRAMES);
        varint(payload);
        length = end;
        state.append(stream, front, start, length - start);
    }

    private void field(int tag, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        field(tag, bytes, 0, bytes.length);
    }

    private void field(int tag, byte[] source, int from, int to) {
        varint(tag);
        varint(to - from);
        put(source, from, to);
    }

    private void put(byte[] source, int from, int to) {
        int count = to - from;
        reserve(count);
        System.arraycopy(source, from, front, length, count);
        length += count;
    }

    private void varint(int value) {
        reserve(5);
        int left = value;
        while ((left & ~0x7f) != 0) {
            front[length++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        front[length++] = (byte) left;
    }

    private static int varintLength(int value) {
        return Math.max(1, (38 - Integer.numberOfLeadingZeros(value)) / 7);
    }

    private void reserve(int count) {
        if (count > front.length - length) {
            front = Arrays.copyOf(front, Math.max(length + count, front.length * 2));
        }
    }

    private byte[] rewritten(Batch batch, int position) {
        if (rewrittenOf != batch || rewrittenAt != position) {
            rewritten = MessageText.rewritten(batch, position);
            rewrittenOf = batch;
            rewrittenAt = position;
        }
        return rewritten;
    }
}
