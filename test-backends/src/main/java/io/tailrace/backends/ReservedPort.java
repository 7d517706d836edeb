package io.tailrace.backends;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;

/**
 * A port of this machine for a server that is started later, in another process, or again after it was stopped. The kernel gives
 * a port that was only looked up to whoever asks for any port next: a server of another module's tests, which run at the same
 * time.
 *
 * <p>On Linux the port is held by a socket that is bound to it and does not listen. The kernel gives it to nobody then who asks
 * for any port, neither to listen nor to connect from, but to each server that names it and sets {@code SO_REUSEADDR}, as those
 * of Java, Netty, PostgreSQL, Redis and Node.js do (socket(7)). Until a server listens there, connections are refused. Elsewhere
 * the port is a free one that is not held.
 *
 * <p>It is held until it is given back or the JVM ends. Thread-safe.
 */
public final class ReservedPort implements AutoCloseable {
    private static final boolean CAN_BE_HELD = System.getProperty("os.name").startsWith("Linux");

    private final SocketChannel holder;
    private final int number;

    private ReservedPort(SocketChannel holder, int number) {
        this.holder = holder;
        this.number = number;
    }

    /** A port that nobody has. */
    public static ReservedPort take() {
        try {
            SocketChannel holder = SocketChannel.open();
            holder.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            holder.bind(new InetSocketAddress(0));
            int number = ((InetSocketAddress) holder.getLocalAddress()).getPort();
            if (!CAN_BE_HELD) {
                holder.close();
            }
            return new ReservedPort(holder, number);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Its number. */
    public int number() {
        return number;
    }

    /** Gives it back; a server that listens there goes on. */
    @Override
    public void close() {
        try {
            holder.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
