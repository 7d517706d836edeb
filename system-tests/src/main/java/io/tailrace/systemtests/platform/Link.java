package io.tailrace.systemtests.platform;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One connection through a {@link Balancer}: two sockets and a pump for each direction. Thread-safe. */
final class Link {
    static final int BUFFER_BYTES = 8192;

    private final Socket client;
    private final Socket server;
    private final Set<Link> links;
    private final AtomicInteger cuts;

    /** Bytes of the answer until it is cut; negative as long as it is not to be. */
    volatile int cutAfterBytes = -1;

    volatile long delayMs;

    Link(Socket client, Socket server, Set<Link> links, AtomicInteger cuts) {
        this.client = client;
        this.server = server;
        this.links = links;
        this.cuts = cuts;
    }

    void start() {
        Thread.ofVirtual().start(() -> pump(client, server, false));
        Thread.ofVirtual().start(() -> pump(server, client, true));
    }

    private void pump(Socket from, Socket to, boolean answer) {
        byte[] buffer = new byte[BUFFER_BYTES];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int read;
            while ((read = in.read(buffer)) > 0) {
                if (answer && delayMs > 0) {
                    TimeUnit.MILLISECONDS.sleep(delayMs);
                }
                int budget = answer ? cutAfterBytes : -1;
                if (budget >= 0 && budget <= read) {
                    out.write(buffer, 0, budget);
                    cuts.incrementAndGet();
                    // A reset and no end: what is under way is thrown away by the kernel, too.
                    client.setSoLinger(true, 0);
                    server.setSoLinger(true, 0);
                    return;
                }
                if (budget >= 0) {
                    cutAfterBytes = budget - read;
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException | InterruptedException e) {
            // Either side ended: so does the other.
        } finally {
            close();
        }
    }

    void close() {
        links.remove(this);
        close(client);
        close(server);
    }

    static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }
}
