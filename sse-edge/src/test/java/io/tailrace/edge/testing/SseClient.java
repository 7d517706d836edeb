package io.tailrace.edge.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A client of HTTP/1.1 on a plain socket. A
 * thread reads from the moment {@link #read} is called; until then the client is one that never reads.
 */
public final class SseClient extends SseMessages {

    private final Socket socket;
    private @Nullable BufferedReader reader;
    private volatile int status;
    private final Map<String, String> headers = new TreeMap<>();
    private volatile String body = "";

    private SseClient(Socket socket) {
        this.socket = socket;
    }

    /** Connects and sends {@code request} as it is. */
    public static SseClient send(int port, String request) {
        return send(port, request.getBytes(StandardCharsets.UTF_8), 0);
    }

    /** The same with a small receive buffer, so that a client that doesn't read is noticed early. */
    public static SseClient send(int port, byte[] request, int receiveBufferBytes) {
        try {
            Socket socket = new Socket();
            if (receiveBufferBytes > 0) {
                socket.setReceiveBufferSize(receiveBufferBytes);
            }
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            // A read that blocks is not ended by the time limit of a test. A stream may be silent, see below.
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
            socket.setTcpNoDelay(true);
            socket.getOutputStream().write(request);
            socket.getOutputStream().flush();
            return new SseClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Opens a stream and reads it. */
    public static SseClient open(int port, String target, String... headers) {
        return send(port, get(target, headers)).read();
    }

    /** The text of a GET request. */
    public static String get(String target, String... headers) {
        StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return request.append("\r\n").toString();
    }

    /** Sends more bytes. */
    public SseClient write(String text) {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts to read, and returns when the head of the answer is there, and for an answer that is no stream its body. */
    public SseClient read() {
        try {
            BufferedReader in = reader();
            String statusLine = in.readLine();
            if (statusLine == null) {
                status = 0;
                return this;
            }
            status = Integer.parseInt(statusLine.split(" ")[1]);
            for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
                int colon = line.indexOf(':');
                headers.put(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
            if (header("content-type").startsWith("text/event-stream")) {
                socket.setSoTimeout(0);
                Thread.ofVirtual().start(() -> readEvents(in));
            } else {
                char[] text = new char[Integer.parseInt(headers.getOrDefault("content-length", "0"))];
                int length = 0;
                while (length < text.length) {
                    int read = in.read(text, length, text.length - length);
                    if (read < 0) {
                        break;
                    }
                    length += read;
                }
                body = new String(text, 0, length);
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The status of the answer; 0 if the connection was closed without one. */
    public int status() {
        return status;
    }

    /** A header of the answer, or the empty string. */
    public String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /** The body of an answer that is no stream. */
    public String body() {
        return body;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Says that it will send nothing more, and goes on to read. */
    public SseClient halfClose() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Takes one byte and no more. */
    public int readByte() {
        try {
            return socket.getInputStream().read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the connection with a RST, as a crash would. */
    public void reset() {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private BufferedReader reader() throws IOException {
        BufferedReader known = reader;
        if (known == null) {
            known = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            reader = known;
        }
        return known;
    }
}
