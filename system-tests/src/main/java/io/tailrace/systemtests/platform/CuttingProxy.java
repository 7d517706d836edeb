package io.tailrace.systemtests.platform;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A TCP proxy that cuts each connection after a random number of bytes of the answer, wherever in a frame that is.
 * Loopback only. Thread-safe.
 */
public final class CuttingProxy implements AutoCloseable {
    private static final int MAX_CONNECTIONS = 64;

    private final ServerSocket listener;
    private final URI upstream;
    private final int minBytes;
    private final int maxBytes;
    private final SplittableRandom random;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger cuts = new AtomicInteger();

    /** A proxy in front of {@code origin}; the same seed gives the same cuts in the order of the connections. */
    public CuttingProxy(String origin, int minBytes, int maxBytes, long seed) throws IOException {
        this.upstream = URI.create(origin);
        this.minBytes = minBytes;
        this.maxBytes = maxBytes;
        this.random = new SplittableRandom(seed);
        this.listener = new ServerSocket(0, MAX_CONNECTIONS, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** Where clients connect. */
    public String origin() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    /** How many connections it has cut. */
    public int cuts() {
        return cuts.get();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                int budget;
                synchronized (random) {
                    budget = random.nextInt(minBytes, maxBytes);
                }
                Socket server = new Socket(upstream.getHost(), upstream.getPort());
                open.add(client);
                open.add(server);
                Thread.ofVirtual().start(() -> pump(client, server, Integer.MAX_VALUE));
                Thread.ofVirtual().start(() -> pump(server, client, budget));
            } catch (IOException e) {
                // The listener was closed, or the upstream is away: the client sees a closed connection.
            }
        }
    }

    private void pump(Socket from, Socket to, int budget) {
        byte[] buffer = new byte[1024];
        int left = budget;
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int read;
            while ((read = in.read(buffer, 0, Math.min(buffer.length, left))) > 0) {
                out.write(buffer, 0, read);
                left -= read;
                if (left <= 0) {
                    cuts.incrementAndGet();
                    return;
                }
            }
        } catch (IOException e) {
            // Either side ended: so does the other.
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
