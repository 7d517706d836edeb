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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A proxy that does to requests what nginx does with {@code location / { proxy_pass http://…; }} and nothing else: {@code
 * Host} becomes the upstream's, the upstream is spoken to in HTTP/1.0, {@code Connection} and {@code Upgrade} are dropped, and
 * nothing is said about who asked for what. It is no nginx: it takes one request of each connection and buffers nothing.
 */
public final class ShortestNginx implements AutoCloseable {
    private static final int BACKLOG = 100;
    private static final int MAX_HEAD_BYTES = 64 * 1024;
    private static final Set<String> DROPPED =
            Set.of("host", "connection", "upgrade", "keep-alive", "te", "expect", "http2-settings");

    private final URI upstream;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    /** A proxy in front of {@code origin}. */
    public ShortestNginx(String origin) throws IOException {
        this.upstream = URI.create(origin);
        this.listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** The port at which clients connect. */
    public int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                open.add(client);
                Thread.ofVirtual().start(() -> serve(client));
            } catch (IOException e) {
                // The listener was closed.
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            List<String> head = head(client.getInputStream());
            if (head.isEmpty()) {
                return;
            }
            try (Socket server = new Socket(upstream.getHost(), upstream.getPort())) {
                open.add(server);
                forward(head, client.getInputStream(), server.getOutputStream());
                Thread.ofVirtual().start(() -> closeAtEnd(client, server));
                answer(server.getInputStream(), client.getOutputStream());
            }
        } catch (IOException e) {
            // Either side ended: so does the other.
        } finally {
            open.remove(client);
        }
    }

    private void forward(List<String> head, InputStream body, OutputStream server) throws IOException {
        String[] line = head.getFirst().split(" ", -1);
        StringBuilder text = new StringBuilder(line[0] + " " + line[1] + " HTTP/1.0\r\n");
        text.append("Host: ").append(upstream.getAuthority()).append("\r\nConnection: close\r\n");
        int length = 0;
        for (String header : head.subList(1, head.size())) {
            String name = header.substring(0, Math.max(0, header.indexOf(':'))).toLowerCase(Locale.ROOT);
            if (!DROPPED.contains(name)) {
                text.append(header).append("\r\n");
            }
            if (name.equals("content-length")) {
                length = Integer.parseInt(
                        header.substring(header.indexOf(':') + 1).strip());
            }
        }
        server.write(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        server.write(body.readNBytes(length));
        server.flush();
    }

    private static void answer(InputStream server, OutputStream client) throws IOException {
        List<String> head = head(server);
        StringBuilder text = new StringBuilder();
        for (String header : head) {
            if (!header.toLowerCase(Locale.ROOT).startsWith("connection:")) {
                text.append(header.replaceFirst("^HTTP/1.0", "HTTP/1.1")).append("\r\n");
            }
        }
        text.append("Connection: close\r\n\r\n");
        client.write(text.toString().getBytes(StandardCharsets.ISO_8859_1));
        server.transferTo(client);
    }

    private void closeAtEnd(Socket client, Socket server) {
        try (server) {
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // It has ended.
        } finally {
            open.remove(server);
        }
    }

    private static List<String> head(InputStream in) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int last = 0;
        for (int c = in.read(); c >= 0 && bytes.size() < MAX_HEAD_BYTES; c = in.read()) {
            bytes.write(c);
            last = c == '\r' || c == '\n' ? last << 8 | c : 0;
            if (last == 0x0d0a0d0a) {
                List<String> lines = new ArrayList<>(
                        bytes.toString(StandardCharsets.ISO_8859_1).lines().toList());
                lines.removeLast();
                return lines;
            }
        }
        return List.of();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
