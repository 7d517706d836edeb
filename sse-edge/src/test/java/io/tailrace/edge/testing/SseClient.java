package io.tailrace.edge.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A client of {@code text/event-stream} on a plain socket, which does what WHATWG HTML section 9.2 says and no more. A
 * thread reads from the moment {@link #read} is called; until then the client is one that never reads.
 */
public final class SseClient implements AutoCloseable {
    private static final long DEADLINE_SECONDS = 60;
    private static final Message END = new Message("end", "", "");

    private final Socket socket;
    private @Nullable BufferedReader reader;
    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final List<Message> all = new ArrayList<>();
    private volatile String lastEventId = "";
    private volatile int comments;
    private volatile int retryMs;
    private volatile int status;
    private final Map<String, String> headers = new TreeMap<>();
    private volatile String body = "";

    /**
     * A message.
     *
     * @param event its type; {@code message} if it has none; {@code id} for an id without data
     * @param data its data
     * @param id the last event id when it came
     */
    public record Message(String event, String data, String id) {}

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
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
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

    /** The last event id. */
    public String lastEventId() {
        return lastEventId;
    }

    /** Comments so far. */
    public int comments() {
        return comments;
    }

    /** The last {@code retry:}, or 0. */
    public int retryMs() {
        return retryMs;
    }

    /** The next message, an id without data not among them; fails if none comes. */
    public Message next() {
        return next(message -> !message.event.equals("id"));
    }

    /** The next message with that type; those before it are dropped. */
    public Message next(String event) {
        return next(message -> message.event.equals(event));
    }

    /** The next messages that are no control events. */
    public List<Message> events(int count) {
        List<Message> events = new ArrayList<>();
        while (events.size() < count) {
            events.add(next(message -> !message.event.startsWith("stream.") && !message.event.equals("id")));
        }
        return events;
    }

    /** Waits until the server has closed the connection. */
    public void awaitEnd() {
        next(message -> message == END);
    }

    /** Whether the server has closed the connection. */
    public boolean hasEnded() {
        return messages.contains(END);
    }

    /** Everything that was taken so far, in order. */
    public List<Message> taken() {
        return List.copyOf(all);
    }

    @Override
    public void close() {
        try {
            socket.close();
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

    private Message next(Predicate<Message> wanted) {
        try {
            while (true) {
                Message message = messages.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
                if (message == null || (message == END && !wanted.test(END))) {
                    throw new AssertionError((message == null ? "nothing more came" : "the stream ended") + " after "
                            + all.subList(Math.max(0, all.size() - 5), all.size()));
                }
                all.add(message);
                if (wanted.test(message)) {
                    return message;
                }
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
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

    private void readEvents(BufferedReader in) {
        try {
            @Nullable String event = null;
            StringBuilder data = new StringBuilder();
            boolean hasData = false;
            boolean hasId = false;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.isEmpty()) {
                    if (hasData) {
                        messages.add(new Message(event == null ? "message" : event, data.toString(), lastEventId));
                    } else if (hasId) {
                        messages.add(new Message("id", "", lastEventId));
                    }
                    event = null;
                    data.setLength(0);
                    hasData = false;
                    hasId = false;
                    continue;
                }
                int colon = line.indexOf(':');
                String field = colon < 0 ? line : line.substring(0, colon);
                String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
                switch (field) {
                    case "" -> comments++;
                    case "event" -> event = value;
                    case "data" -> {
                        data.append(hasData ? "\n" : "").append(value);
                        hasData = true;
                    }
                    case "id" -> {
                        lastEventId = value;
                        hasId = true;
                    }
                    case "retry" -> retryMs = Integer.parseInt(value);
                    default -> {}
                }
            }
        } catch (IOException e) {
            // A reset is an end like any other.
        } finally {
            messages.add(END);
        }
    }
}
