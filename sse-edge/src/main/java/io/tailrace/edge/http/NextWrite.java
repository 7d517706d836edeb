package io.tailrace.edge.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.tailrace.edge.loop.SharedWrites;
import org.jspecify.annotations.Nullable;

/** What a connection's next flush sends: a buffer of its own, or what other streams are sent as well. Used on its event loop only. */
final class NextWrite {
    /** What an event and its cursor usually need; the buffer grows when it is not enough. */
    private static final int FIRST_BUFFER_BYTES = 512;

    private final ByteBufAllocator allocator;
    private final SharedWrites sharedWrites;
    private @Nullable ByteBuf own;
    private SharedWrites.@Nullable Run shared;

    NextWrite(ByteBufAllocator allocator, SharedWrites sharedWrites) {
        this.allocator = allocator;
        this.sharedWrites = sharedWrites;
    }

    /** Copies bytes to its end. */
    void append(byte[] bytes, int from, int length) {
        ByteBuf buffer = own;
        if (buffer == null) {
            int room = Math.max(FIRST_BUFFER_BYTES, length);
            SharedWrites.Run held = shared;
            buffer = held == null ? allocator.ioBuffer(room) : sharedWrites.copy(held, allocator, room);
            shared = null;
            own = buffer;
        }
        buffer.writeBytes(bytes, from, length);
    }

    /** Puts bytes to its end that do not change any more, and that other streams are sent as well. */
    void appendShared(byte[] bytes, int from, int length) {
        ByteBuf buffer = own;
        if (buffer == null) {
            shared = sharedWrites.append(shared, bytes, from, length);
        } else {
            buffer.writeBytes(bytes, from, length);
        }
    }

    /** How many bytes it has. */
    int length() {
        ByteBuf buffer = own;
        SharedWrites.Run held = shared;
        return (buffer == null ? 0 : buffer.readableBytes()) + (held == null ? 0 : held.length());
    }

    /** All of it, or null if that is nothing; the caller owns the reference. It is empty afterwards. */
    @Nullable
    ByteBuf take() {
        ByteBuf buffer = own;
        SharedWrites.Run held = shared;
        own = null;
        shared = null;
        return held == null ? buffer : sharedWrites.take(held, allocator);
    }

    /** Forgets all of it. */
    void clear() {
        ByteBuf buffer = own;
        own = null;
        shared = null;
        if (buffer != null) {
            buffer.release();
        }
    }
}
