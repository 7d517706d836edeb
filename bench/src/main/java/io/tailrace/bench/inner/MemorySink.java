package io.tailrace.bench.inner;

import io.tailrace.edge.stream.StreamSink;

/** A connection that takes everything: what is appended is copied to where all of them write. */
final class MemorySink implements StreamSink {
    private static final int MASK = (1 << 16) - 1;

    private final byte[] memory;
    private int length;

    /** A sink; the memory is shared by all sinks of one thread, and longer than the mask and an append together. */
    MemorySink(byte[] memory) {
        this.memory = memory;
    }

    static byte[] memory() {
        return new byte[2 * (MASK + 1)];
    }

    @Override
    public boolean isWritable() {
        return true;
    }

    @Override
    public void append(byte[] bytes, int from, int count) {
        System.arraycopy(bytes, from, memory, length & MASK, count);
        length += count;
    }

    @Override
    public void flush() {
        length = 0;
    }

    @Override
    public long unsentBytes() {
        return 0;
    }

    @Override
    public long pendingBytes() {
        return 0;
    }

    @Override
    public void close() {}
}
