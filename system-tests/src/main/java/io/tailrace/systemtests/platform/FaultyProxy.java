package io.tailrace.systemtests.platform;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * An HTTP proxy as one stands before Tailrace, with the faults of such ones, which can be switched on and off. Like the shortest
 * nginx ({@code proxy_pass} and nothing else) it puts the upstream's name into {@code Host} and has a connection for each
 * request. Loopback only. Thread-safe.
 */
public final class FaultyProxy implements AutoCloseable {
    /** What it does. */
    public enum Mode {
        /** Passes everything on. */
        WORKING,
        /** Keeps all connections open and passes nothing on, in neither direction. */
        SILENT,
        /** Answers 503 with a page of its own, and has ended what was open. */
        UNAVAILABLE,
        /** Closes each connection, and has ended what was open. */
        CLOSING
    }

    private static final int BACKLOG = 128;
    private static final int MAX_CONNECTIONS = 256;
    private static final int MAX_HEAD_BYTES = 65_536;
    private static final long LOOK_NS = 20_000_000;

    private final ServerSocket listener;
    private final URI upstream;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Mode mode = Mode.WORKING;

    /** A proxy in front of {@code origin}. */
    public FaultyProxy(String origin) throws IOException {
        this.upstream = URI.create(origin);
        this.listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** Where clients connect. */
    public String origin() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    /** From now on it does this. */
    public void set(Mode next) {
        mode = next;
        if (next == Mode.UNAVAILABLE || next == Mode.CLOSING) {
            open.forEach(Link::close);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (mode == Mode.CLOSING || open.size() >= MAX_CONNECTIONS) {
                    client.close();
                } else {
                    open.add(client);
                    Thread.ofVirtual().start(() -> serve(client));
                }
            } catch (IOException e) {
                // It was closed, or that client has gone already.
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            String head = head(client.getInputStream());
            if (head.isEmpty()) {
                return;
            }
            awaitVoice();
            if (mode == Mode.UNAVAILABLE) {
                client.getOutputStream().write(unavailable());
                return;
            }
            try (Socket server = new Socket(upstream.getHost(), upstream.getPort())) {
                open.add(server);
                server.getOutputStream().write(rewritten(head).getBytes(StandardCharsets.ISO_8859_1));
                Thread.ofVirtual().start(() -> pump(client, server));
                pump(server, client);
            }
        } catch (IOException e) {
            // Either side ended: so does the other.
        } finally {
            open.remove(client);
        }
    }

    private void pump(Socket from, Socket to) {
        byte[] buffer = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            int read;
            while ((read = in.read(buffer)) > 0) {
                awaitVoice();
                out.write(buffer, 0, read);
            }
            to.shutdownOutput();
        } catch (IOException e) {
            Link.close(from);
            Link.close(to);
        } finally {
            open.remove(from);
        }
    }

    private void awaitVoice() {
        while (mode == Mode.SILENT && !listener.isClosed()) {
            LockSupport.parkNanos(LOOK_NS);
        }
    }

    /** The request's first line and headers, with the blank line behind them; empty if the client went before. */
    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        int last = 0;
        int next;
        while (head.size() < MAX_HEAD_BYTES && (next = in.read()) >= 0) {
            head.write(next);
            last = last << 8 | next;
            if (last == 0x0d0a0d0a) {
                return head.toString(StandardCharsets.ISO_8859_1);
            }
        }
        return "";
    }

    private String rewritten(String head) {
        List<String> lines = List.of(head.stripTrailing().split("\r\n", -1));
        return lines.stream()
                .filter(line -> !line.toLowerCase(Locale.ROOT).startsWith("host:")
                        && !line.toLowerCase(Locale.ROOT).startsWith("connection:"))
                .collect(Collectors.joining(
                        "\r\n", "", "\r\nHost: " + upstream.getAuthority() + "\r\nConnection: close\r\n\r\n"));
    }

    private static byte[] unavailable() {
        String page = "<html><body><h1>503 Service Temporarily Unavailable</h1></body></html>";
        return ("HTTP/1.1 503 Service Temporarily Unavailable\r\nContent-Type: text/html\r\nContent-Length: "
                        + page.length() + "\r\nConnection: close\r\n\r\n" + page)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        open.forEach(Link::close);
    }
}
