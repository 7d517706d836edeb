package io.tailrace.bench.edge.rival;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The connections of one event loop by channel. One tick is in flight at most: what comes meanwhile is merged into the next
 * one, so that each connection gets one write for it. All connections of a channel are written the same buffer.
 */
final class Broadcaster {
    private static final int FIRST_BYTES = 4096;

    private final EventLoop loop;
    private final Map<String, Members> members = new HashMap<>();
    private final ConcurrentLinkedQueue<Map<String, byte[]>> pending = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean inFlight = new AtomicBoolean();

    Broadcaster(EventLoop loop) {
        this.loop = loop;
    }

    /** Hands over the frames of each channel. May be called from any thread. */
    void post(Map<String, byte[]> frames) {
        pending.add(frames);
        if (inFlight.compareAndSet(false, true)) {
            loop.execute(this::tick);
        }
    }

    /** A connection gets a channel's frames from now on. On the loop's thread. */
    void add(String channel, Channel connection) {
        members.computeIfAbsent(channel, name -> new Members()).add(connection);
    }

    /** The connection is gone. On the loop's thread. */
    void remove(String channel, Channel connection) {
        Members all = members.get(channel);
        if (all != null) {
            all.remove(connection);
        }
    }

    private void tick() {
        inFlight.set(false);
        Map<String, byte[]> first = pending.poll();
        if (first == null) {
            return;
        }
        Map<String, byte[]> merged = first;
        Map<String, byte[]> more;
        while ((more = pending.poll()) != null) {
            merged = merged == first ? new HashMap<>(first) : merged;
            for (Map.Entry<String, byte[]> entry : more.entrySet()) {
                merged.merge(entry.getKey(), entry.getValue(), Broadcaster::joined);
            }
        }
        for (Map.Entry<String, byte[]> entry : merged.entrySet()) {
            Members all = members.get(entry.getKey());
            if (all != null) {
                all.send(entry.getValue());
            }
        }
    }

    static byte[] joined(byte[] one, byte[] two) {
        byte[] all = Arrays.copyOf(one, one.length + two.length);
        System.arraycopy(two, 0, all, one.length, two.length);
        return all;
    }

    /** A plain array. */
    private static final class Members {
        private Channel[] items = new Channel[1];
        private int size;

        void add(Channel channel) {
            if (size == items.length) {
                items = Arrays.copyOf(items, size * 2);
            }
            items[size++] = channel;
        }

        void remove(Channel channel) {
            for (int i = 0; i < size; i++) {
                if (items[i] == channel) {
                    items[i] = items[--size];
                    return;
                }
            }
        }

        void send(byte[] frames) {
            if (size == 0) {
                return;
            }
            ByteBuf buffer = items[0].alloc().directBuffer(Math.max(FIRST_BYTES, frames.length));
            buffer.writeBytes(frames);
            for (int i = 0; i < size; i++) {
                Channel channel = items[i];
                channel.writeAndFlush(buffer.retainedDuplicate(), channel.voidPromise());
            }
            buffer.release();
        }
    }
}
