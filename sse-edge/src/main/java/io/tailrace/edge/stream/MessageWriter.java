package io.tailrace.edge.stream;

import io.tailrace.contracts.cursor.Cursor;
import io.tailrace.edge.window.Batch;
import io.tailrace.edge.window.MessageText;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Appends WebSocket frames (RFC 6455, section 5) to sinks, each whole: an event or a notice is one text message, which may be
 * fragmented, a heartbeat is a Ping, the end is a Close. A server does not mask, so an envelope goes out as the very bytes that the streams of SSE get; what is
 * written anew for each of them is what stands around it, because the length of a frame stands at its front and the id belongs
 * to the stream.
 */
final class MessageWriter implements MessageFraming {
    private static final int LAST = 0x80;
    private static final int TEXT = 0x01;
    private static final int CONTINUATION = 0x00;
    private static final int CLOSE = 0x88;
    private static final byte[] PING = {(byte) 0x89, 0};

    /** The longest header of a frame that a server sends. */
    private static final int MAX_HEADER = 10;

    private static final byte[] ID = ascii("{\"id\":\"");
    private static final byte[] EVENT_AFTER_ID = ascii("\",\"event\":\"");
    private static final byte[] EVENT_ALONE = ascii("{\"event\":\"");
    private static final byte[] DATA = ascii("\",\"data\":");
    private static final byte[] ID_END = ascii("\"}");
    private static final byte[] END = ascii("}");
    private static final byte[] NOTHING = {};

    private final LoopState state;
    private final StreamCursor cursor;

    /** The front of a message; its first bytes are kept free for the header. */
    private byte[] front = new byte[512];

    private int length;

    /** The last record that had to be rewritten, because all streams of a channel want the same one after the other. */
    private @Nullable Batch rewrittenOf;

    private int rewrittenAt;
    private byte[] rewritten = {};

    MessageWriter(LoopState state, StreamCursor cursor) {
        this.state = state;
        this.cursor = cursor;
    }

    /** The first fragment (RFC 6455, section 5.4): each is a frame of its own, so that Pings, Pongs and a Close may come between them. */
    @Override
    public byte @Nullable [] event(Lane lane, Batch batch, int position, int now) {
        EventStream stream = lane.stream;
        byte[] bytes = batch.bytes();
        length = MAX_HEADER;
        if (stream.hasOneChannel()) {
            put(ID);
            put(bytes, batch.idStart(position), batch.idEnd(position));
            put(EVENT_AFTER_ID);
            stream.idWritten(batch.offset(position) + 1, state.nowMs);
        } else {
            put(id(stream, lane, batch.offset(position) + 1, batch.leaderEpoch()) ? EVENT_AFTER_ID : EVENT_ALONE);
        }
        if (batch.isPlain(position)) {
            put(bytes, batch.typeStart(position), batch.typeEnd(position));
            put(DATA);
        }
        int left = end(batch, position) - start(batch, position);
        fragment(stream, TEXT, batch, position, left, now);
        // It stands in the first fragment, and no client has the message before it has the last one.
        return null;
    }

    @Override
    public void goOn(EventStream stream, BegunFrame frame, Batch batch, int position, int now) {
        length = MAX_HEADER;
        fragment(stream, CONTINUATION, batch, position, frame.left, now);
    }

    private void fragment(EventStream stream, int kind, Batch batch, int position, int left, int now) {
        byte[] source = batch.isPlain(position) ? batch.bytes() : rewritten(batch, position);
        int from = end(batch, position) - left;
        if (now == left) {
            message(stream, kind | LAST, source, from, from + now, END);
        } else {
            message(stream, kind, source, from, from + now, NOTHING);
        }
    }

    @Override
    public int start(Batch batch, int position) {
        return batch.isPlain(position) ? batch.jsonStart(position) : 0;
    }

    @Override
    public int end(Batch batch, int position) {
        return batch.isPlain(position) ? batch.jsonEnd(position) : rewritten(batch, position).length;
    }

    @Override
    public void control(EventStream stream, String type, String data, boolean withId, long retryMs) {
        length = MAX_HEADER;
        put(withId && id(stream, null, 0, Cursor.NO_EPOCH) ? EVENT_AFTER_ID : EVENT_ALONE);
        String retry = retryMs > 0 ? ",\"retry\":" + retryMs : "";
        byte[] rest = (type + '"' + retry + ",\"data\":" + data).getBytes(StandardCharsets.UTF_8);
        message(stream, TEXT | LAST, rest, 0, rest.length, END);
    }

    @Override
    public void idOnly(EventStream stream) {
        length = MAX_HEADER;
        if (id(stream, null, 0, Cursor.NO_EPOCH)) {
            message(stream, TEXT | LAST, ID_END, 0, 0, ID_END);
        }
    }

    /** A Ping; its answer is owed from now on. */
    @Override
    public void ping(EventStream stream) {
        if (stream.pingedAtMs < 0) {
            stream.pingedAtMs = state.nowMs;
        }
        state.append(stream, PING, 0, PING.length);
    }

    /** A Close frame. */
    @Override
    public void close(EventStream stream, CloseReason reason) {
        byte[] text = ascii(reason.text());
        byte[] frame = new byte[4 + text.length];
        frame[0] = (byte) CLOSE;
        frame[1] = (byte) (2 + text.length);
        frame[2] = (byte) (reason.webSocketCode() >> 8);
        frame[3] = (byte) reason.webSocketCode();
        System.arraycopy(text, 0, frame, 4, text.length);
        state.append(stream, frame, 0, frame.length);
    }

    /** Puts the front's first field with the stream's position; whether there is a position that can be told. */
    private boolean id(EventStream stream, @Nullable Lane current, long currentOffset, int currentEpoch) {
        int count = cursor.encode(stream, current, currentOffset, currentEpoch);
        if (count == 0) {
            return false;
        }
        put(ID);
        put(cursor.text(), 0, count);
        stream.idWritten(cursor.sum(), state.nowMs);
        return true;
    }

    /** Appends the front, the middle and the end as one frame, with its header. */
    private void message(EventStream stream, int first, byte[] middle, int from, int to, byte[] end) {
        int payload = length - MAX_HEADER + to - from + end.length;
        int start = header(first, payload);
        state.append(stream, front, start, length - start);
        if (to > from) {
            state.append(stream, middle, from, to - from);
        }
        if (end.length > 0) {
            state.append(stream, end, 0, end.length);
        }
    }

    /** Writes the header right before the front; where it starts. RFC 6455, section 5.2: the shortest form is a must. */
    private int header(int first, int payload) {
        int start;
        if (payload < 126) {
            start = MAX_HEADER - 2;
            front[start + 1] = (byte) payload;
        } else if (payload < 1 << 16) {
            start = MAX_HEADER - 4;
            front[start + 1] = 126;
            front[start + 2] = (byte) (payload >> 8);
            front[start + 3] = (byte) payload;
        } else {
            start = 0;
            front[1] = 127;
            Arrays.fill(front, 2, 6, (byte) 0);
            for (int i = 0; i < 4; i++) {
                front[6 + i] = (byte) (payload >> 24 - 8 * i);
            }
        }
        front[start] = (byte) first;
        return start;
    }

    private byte[] rewritten(Batch batch, int position) {
        if (rewrittenOf != batch || rewrittenAt != position) {
            rewritten = MessageText.rewritten(batch, position);
            rewrittenOf = batch;
            rewrittenAt = position;
        }
        return rewritten;
    }

    private void put(byte[] source) {
        put(source, 0, source.length);
    }

    private void put(byte[] source, int from, int to) {
        int count = to - from;
        if (count > front.length - length) {
            front = Arrays.copyOf(front, Math.max(length + count, front.length * 2));
        }
        System.arraycopy(source, from, front, length, count);
        length += count;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
