package io.tailrace.edge.loop;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What streams of one event loop are sent alike: the same ranges of the same batches, one after the other, with nothing of their
 * own between them. Such streams are written one buffer, where each would have a copy. Used on the loop's thread only.
 *
 * <p>A stream holds the {@link Run} of what was appended to it. Runs are found by their ranges, so streams with the same
 * ranges hold the same run. A buffer is made when the first of several streams is flushed, and each of them gets a
 * reference to it; {@link #release} gives up the loop's own. What counts as pending is the same as with copies, so the memory that is
 * really used is never more than what counts.
 */
public final class SharedWrites {
    private final Run root = new Run(null, new byte[0], 0, 0);
    private final List<Run> made = new ArrayList<>();

    /** A sequence of ranges. */
    public final class Run {
        private final @Nullable Run before;
        private final byte[] bytes;
        private final int from;
        private final int length;
        private final int total;
        private @Nullable Run next;
        private @Nullable ByteBuf buffer;
        private int streams;

        private Run(@Nullable Run before, byte[] bytes, int from, int length) {
            this.before = before;
            this.bytes = bytes;
            this.from = from;
            this.length = length;
            this.total = length + (before == null ? 0 : before.total);
        }

        /** All bytes of its ranges. */
        public int length() {
            return total;
        }

        private Run then(byte[] more, int at, int count) {
            Run run = next;
            if (run == null || run.bytes != more || run.from != at || run.length != count) {
                run = new Run(this, more, at, count);
                next = run;
            }
            run.streams++;
            return run;
        }

        private void copyTo(ByteBuf to) {
            if (before != null) {
                before.copyTo(to);
                to.writeBytes(bytes, from, length);
            }
        }
    }

    /**
     * What a stream holds after a further range.
     *
     * @param held what it holds, null for nothing
     * @param bytes where the range is; they do not change any more
     */
    public Run append(@Nullable Run held, byte[] bytes, int from, int length) {
        if (held == null) {
            return root.then(bytes, from, length);
        }
        held.streams--;
        return held.then(bytes, from, length);
    }

    /**
     * A stream's own copy of what it holds, to which it goes on to write.
     *
     * @param room bytes that it needs behind that at least
     */
    public ByteBuf copy(Run held, ByteBufAllocator allocator, int room) {
        held.streams--;
        ByteBuf copy = allocator.ioBuffer(held.total + room);
        held.copyTo(copy);
        return copy;
    }

    /** What a stream holds, to be written; the caller owns the reference. */
    public ByteBuf take(Run held, ByteBufAllocator allocator) {
        ByteBuf buffer = held.buffer;
        if (buffer == null) {
            if (held.streams < 2) {
                return copy(held, allocator, 0);
            }
            buffer = allocator.ioBuffer(held.total);
            held.copyTo(buffer);
            held.buffer = buffer;
            made.add(held);
        }
        held.streams--;
        return buffer.retainedDuplicate();
    }

    /** Forgets all runs and gives up the references to their buffers. Streams that still hold a run go on with it. */
    public void release() {
        root.next = null;
        for (Run run : made) {
            ByteBuf buffer = run.buffer;
            if (buffer != null) {
                run.buffer = null;
                buffer.release();
            }
        }
        made.clear();
    }
}
