package io.tailrace.edge.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What came on a stream: of {@code text/event-stream}, read as WHATWG HTML section 9.2 says and no more, or of a WebSocket's
 * messages.
 */
public abstract sealed class SseMessages implements AutoCloseable
        permits SseClient, Http2Stream, WebSocketClient, GrpcSubscription {
    static final long DEADLINE_SECONDS = 60;
    private static final Message END = new Message("end", "", "");

    private final BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    private final List<Message> all = new ArrayList<>();
    private volatile String lastEventId = "";
    private volatile int comments;
    private volatile int retryMs;

    /**
     * A message.
     *
     * @param event its type; {@code message} if it has none; {@code id} for an id without data
     * @param data its data
     * @param id the last event id when it came
     */
    public record Message(String event, String data, String id) {}

    SseMessages() {}

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

    /**
     * Waits until the server has said that the stream is at the head, unless it has said so already: what was published a moment
     * before may come after that.
     */
    public void awaitCaughtUp() {
        if (all.stream().noneMatch(message -> message.event.equals("stream.caught_up"))) {
            next("stream.caught_up");
        }
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
    public abstract void close();

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

    /** A message came that is none of {@code text/event-stream}. */
    final void received(@Nullable String event, String data, @Nullable String id, int retry) {
        lastEventId = id == null ? lastEventId : id;
        retryMs = retry > 0 ? retry : retryMs;
        messages.add(new Message(event == null ? "id" : event, data, lastEventId));
    }

    /** A heartbeat came that is none of {@code text/event-stream}. */
    final void beat() {
        comments++;
    }

    /** The connection has ended. */
    final void ended() {
        messages.add(END);
    }

    final void readEvents(BufferedReader in) {
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
