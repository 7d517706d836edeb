package io.tailrace.edge.stream;

import io.tailrace.edge.simulation.BlockParser;
import io.tailrace.edge.simulation.MessageParser;
import io.tailrace.edge.simulation.ResponseParser;
import io.tailrace.edge.simulation.SseParser;
import io.tailrace.edge.simulation.SseParser.Block;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection that keeps what is written and takes as much as a test says. */
final class RecordingSink implements StreamSink {
    final List<Block> blocks = new ArrayList<>();
    private final SseParser parser = new SseParser(blocks::add);
    private final MessageParser messages = new MessageParser(blocks::add);
    private final ResponseParser responses = new ResponseParser(blocks::add);
    private final BlockParser used;

    @Nullable
    CloseReason ending;

    final ByteArrayOutputStream written = new ByteArrayOutputStream();
    boolean writable = true;
    boolean closed;
    int appends;
    int flushes;
    long unsentBytes;
    long pendingBytes;
    long mostPendingBytes;

    /** From so many pending bytes on it takes no more, until {@link #pendingBytes} is set back. */
    long limitBytes = Long.MAX_VALUE;

    /** The method that throws from now on; empty for none. */
    String throwIn = "";

    RecordingSink() {
        this(StreamPlan.Mode.CHANNELS);
    }

    RecordingSink(boolean webSocket) {
        this(webSocket ? StreamPlan.Mode.WEBSOCKET : StreamPlan.Mode.CHANNELS);
    }

    RecordingSink(StreamPlan.Mode mode) {
        this.used = switch (mode) {
            case CHANNELS, WATCH -> parser;
            case WEBSOCKET -> messages;
            case GRPC -> responses;
        };
    }

    @Override
    public boolean isWritable() {
        mayThrow("isWritable");
        return writable && pendingBytes < limitBytes;
    }

    @Override
    public void append(byte[] bytes, int from, int length) {
        mayThrow("append");
        appends++;
        if (limitBytes < Long.MAX_VALUE) {
            pendingBytes += length;
            mostPendingBytes = Math.max(mostPendingBytes, pendingBytes);
        }
        written.write(bytes, from, length);
        used.feed(bytes, from, length);
    }

    @Override
    public void flush() {
        mayThrow("flush");
        flushes++;
    }

    @Override
    public long unsentBytes() {
        mayThrow("unsentBytes");
        return unsentBytes;
    }

    @Override
    public long pendingBytes() {
        return pendingBytes;
    }

    @Override
    public void ending(CloseReason reason) {
        ending = reason;
    }

    @Override
    public void close() {
        mayThrow("close");
        closed = true;
    }

    private void mayThrow(String method) {
        if (method.equals(throwIn)) {
            throw new Error("out of direct memory");
        }
    }

    int comments() {
        return parser.comments();
    }

    int pings() {
        return messages.pings();
    }

    /** Frames of a gRPC response that had nothing in them. */
    int emptyFrames() {
        return responses.empty();
    }

    int closeStatus() {
        return messages.closeStatus();
    }

    List<String> types() {
        return blocks.stream()
                .map(block -> block.data() == null ? "(id)" : block.type())
                .toList();
    }

    /** The data of all blocks of a type. */
    List<String> data(String type) {
        return blocks.stream()
                .filter(block -> block.type().equals(type) && block.data() != null)
                .map(block -> String.valueOf(block.data()))
                .toList();
    }

    Block last() {
        return blocks.getLast();
    }

    void forget() {
        blocks.clear();
    }
}
