package io.tailrace.edge.simulation;

import io.tailrace.edge.stream.EventStream;
import io.tailrace.edge.stream.StreamLoop;
import io.tailrace.edge.stream.StreamSink;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** The server's end of a connection, with a transport that takes and delivers bytes as the schedule says. */
final class SimSink implements StreamSink {
    private static final byte[] EVENT = "event: e\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MESSAGE = "\"event\":\"e\"".getBytes(StandardCharsets.US_ASCII);

    private final int limitBytes;

    /** A transport that takes everything at the flush, so that it never has anything to say about room. */
    private final boolean swallows;

    /** After so many flushes a write fails, and the loop hears of it from inside of the flush. */
    private int flushesLeft;

    /** After so many calls each one may throw. */
    private int callsLeft;

    private final Random random;
    private final ByteArrayOutputStream appended = new ByteArrayOutputStream();
    private byte[] inTransport = {};
    private boolean wasFull;

    /** The core has asked, there was room, and it has not used it yet. */
    private boolean mayAppendEvents;

    private int mostBytes;
    long totalBytes;
    boolean closedByServer;

    /** The loop was told that the connection is gone. */
    boolean disconnected;

    int flushes;

    /** Of the pieces that the client has read. */
    int readHash;

    @Nullable
    EventStream stream;

    @Nullable
    StreamLoop loop;

    SimSink(Random random) {
        this.random = random;
        this.callsLeft = random.nextInt(6) == 0 ? random.nextInt(120) : Integer.MAX_VALUE;
        this.flushesLeft = random.nextInt(8) == 0 ? random.nextInt(10) : Integer.MAX_VALUE;
        this.swallows = random.nextInt(4) == 0;
        this.limitBytes = 1 + random.nextInt(random.nextBoolean() ? 400 : 4000);
    }

    @Override
    public boolean isWritable() {
        requireOpen();
        mayThrow("isWritable");
        boolean writable = pending() < limitBytes;
        mayAppendEvents = writable;
        wasFull |= !writable;
        return writable;
    }

    @Override
    public void append(byte[] bytes, int from, int length) {
        requireOpen();
        if (has(EVENT, bytes, from, length) || has(MESSAGE, bytes, from, length)) {
            if (!mayAppendEvents) {
                throw new AssertionError("events were appended without asking whether there is room");
            }
            mayAppendEvents = false;
        }
        if (callsLeft <= 0) {
            // Some of it is behind what was appended before, as a buffer that can't grow would have it.
            appended.write(bytes, from, random.nextInt(length + 1));
            mayThrow("append");
            return;
        }
        mayThrow("append");
        appended.write(bytes, from, length);
        totalBytes += length;
        mostBytes = Math.max(mostBytes, pending());
    }

    @Override
    public void flush() {
        requireOpen();
        flushes++;
        if (random.nextBoolean()) {
            mayThrow("flush");
        }
        transport();
        StreamLoop on = loop;
        EventStream broken = stream;
        if (flushesLeft-- == 0 && on != null && broken != null) {
            disconnected = true;
            on.onDisconnected(broken);
        }
    }

    @Override
    public long unsentBytes() {
        mayThrow("unsentBytes");
        return inTransport.length;
    }

    @Override
    public long pendingBytes() {
        return disconnected ? 0 : pending();
    }

    @Override
    public void close() {
        requireOpen();
        closedByServer = true;
        if (callsLeft < 0) {
            appended.reset();
        }
        transport();
        mayThrow("close");
    }

    private void transport() {
        byte[] more = appended.toByteArray();
        appended.reset();
        int had = inTransport.length;
        inTransport = Arrays.copyOf(inTransport, had + more.length);
        System.arraycopy(more, 0, inTransport, had, more.length);
    }

    private void mayThrow(String where) {
        if (callsLeft != Integer.MAX_VALUE && --callsLeft < 0) {
            throw new SimFault(where);
        }
    }

    /** The client reads at most so many bytes. */
    void read(int maxBytes, BlockParser parser) {
        int count = Math.min(maxBytes, inTransport.length);
        readHash = 31 * readHash + Arrays.hashCode(Arrays.copyOf(inTransport, count));
        parser.feed(inTransport, 0, count);
        inTransport = Arrays.copyOfRange(inTransport, count, inTransport.length);
        boolean sent = count > 0 && pending() == 0;
        if (!swallows && (wasFull || sent) && !closedByServer && !disconnected && pending() < limitBytes) {
            wasFull = false;
            if (loop != null && stream != null) {
                loop.onWritable(stream);
            }
        }
    }

    /** How far beyond its limit it ever was. */
    int mostBytesOver() {
        return mostBytes - limitBytes;
    }

    boolean isOver() {
        return closedByServer || disconnected;
    }

    boolean isDrained() {
        return inTransport.length == 0 && appended.size() == 0;
    }

    private static boolean has(byte[] wanted, byte[] bytes, int from, int length) {
        for (int i = from; i + wanted.length <= from + length; i++) {
            if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }

    private int pending() {
        return swallows ? appended.size() : appended.size() + inTransport.length;
    }

    private void requireOpen() {
        if (closedByServer || disconnected) {
            throw new AssertionError("a sink was called after its end");
        }
    }
}
