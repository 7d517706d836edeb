package io.tailrace.systemtests.chaos.stream;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request for a stream on a socket with a small receive buffer, so that a client that stops reading is felt by the
 * server soon. The answer is not chunked: it ends with its connection. Closed by another thread it fails; else for one thread.
 */
final class StreamSocket implements AutoCloseable {
    private static final int RECEIVE_BUFFER_BYTES = 8192;
    private static final int CONNECT_LIMIT_MS = 10_000;
    private static final int MAX_LINE_BYTES = 4 << 20;

    private final Socket socket = new Socket();
    private final Map<String, String> headers = new HashMap<>();
    private final InputStream in;
    private final int status;

    /**
     * Connects and reads the head of the answer.
     *
     * @param silenceMs the longest time without a byte; then reading fails
     */
    StreamSocket(URI origin, String path, Map<String, String> requestHeaders, int silenceMs) throws IOException {
        try {
            socket.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
            socket.setSoTimeout(silenceMs);
            socket.connect(new InetSocketAddress(origin.getHost(), origin.getPort()), CONNECT_LIMIT_MS);
            StringBuilder request = new StringBuilder("GET ")
                    .append(path)
                    .append(" HTTP/1.1\r\nHost: ")
                    .append(origin.getAuthority())
                    .append("\r\nAccept: text/event-stream\r\n");
            requestHeaders.forEach((name, value) ->
                    request.append(name).append(": ").append(value).append("\r\n"));
            socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
            in = new BufferedInputStream(socket.getInputStream(), RECEIVE_BUFFER_BYTES);
            status = readHead();
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    int status() {
        return status;
    }

    /** A header of the answer. */
    @Nullable
    String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }

    /** The next line, without its end. */
    String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(256);
        int next;
        while ((next = in.read()) != '\n') {
            if (next < 0) {
                throw new EOFException("the connection ended");
            }
            if (line.size() >= MAX_LINE_BYTES) {
                throw new IOException("a line of more than " + MAX_LINE_BYTES + " bytes");
            }
            line.write(next);
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    private int readHead() throws IOException {
        String[] first = line().split(" ", 3);
        if (first.length < 2 || !first[1].matches("[0-9]{3}")) {
            throw new IOException("no HTTP answer: " + String.join(" ", first));
        }
        String header;
        while (!(header = line()).isEmpty()) {
            int colon = header.indexOf(':');
            if (colon > 0) {
                headers.put(
                        header.substring(0, colon).toLowerCase(Locale.ROOT),
                        header.substring(colon + 1).strip());
            }
        }
        return Integer.parseInt(first[1]);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
