package io.tailrace.systemtests.platform;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Free ports of this machine. */
public final class Ports {
    private static final boolean CAN_BE_HELD = System.getProperty("os.name").startsWith("Linux");

    /** Never closed: a socket that nobody refers to would be. */
    private static final List<SocketChannel> HELD = new CopyOnWriteArrayList<>();

    private Ports() {}

    /**
     * A port for a server that is started later or again and again, in whatever process. On Linux a socket is bound to it that
     * does not listen, until this JVM ends. The kernel gives it to nobody then who asks for any port, but to a server that names
     * it and sets {@code SO_REUSEADDR}, as those of Java, Netty and Node.js do. Elsewhere it was free a moment ago.
     */
    public static int free() throws IOException {
        SocketChannel holder = SocketChannel.open();
        holder.setOption(StandardSocketOptions.SO_REUSEADDR, true);
        holder.bind(new InetSocketAddress(0));
        int port = ((InetSocketAddress) holder.getLocalAddress()).getPort();
        if (CAN_BE_HELD) {
            HELD.add(holder);
        } else {
            holder.close();
        }
        return port;
    }
}
