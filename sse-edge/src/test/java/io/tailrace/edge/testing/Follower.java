package io.tailrace.edge.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.edge.testing.SseMessages.Message;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A client of one channel of a log that was truncated, whose events are numbered, and of the types {@code kept}, {@code
 * lost} and {@code new}. It knows what it must be told. When its stream ends, it comes back with its last event id. Used by
 * one thread.
 */
public final class Follower implements AutoCloseable {
    private static final int SMALL_BUFFER = 4_096;

    private final RunningEdge edge;
    private final Framing framing;
    private final String target;
    private final String what;

    /** The number of the event that comes first if nothing is lost. */
    private final int first;

    private final boolean fromLast;
    private final List<Message> messages = new ArrayList<>();
    private @Nullable Http2Client connection;
    private SseMessages client;
    private boolean reading;

    /** What it speaks. */
    public enum Framing {
        /** A program that reads {@code text/event-stream}. */
        SSE,
        /** A browser's EventSource. */
        EVENT_SOURCE,
        /** A program over HTTP/2. */
        HTTP2,
        /** A WebSocket. */
        WEB_SOCKET;

        private static final Framing[] ALL = values();

        /** One after the other. */
        public static Framing of(int number) {
            return ALL[number % ALL.length];
        }
    }

    private Follower(
            RunningEdge edge, Framing framing, String target, String id, String what, int first, boolean fromLast) {
        this.edge = edge;
        this.framing = framing;
        this.target = target;
        this.what = framing + " " + what;
        this.first = first;
        this.fromLast = fromLast;
        this.client = connect(id);
    }

    /** One that begins before there is anything, and does not read yet. */
    public static Follower live(RunningEdge edge, String channel, Framing framing) {
        return new Follower(edge, framing, "/events?channels=" + channel, "", "live on " + channel, 0, false);
    }

    /** One that comes back with a cursor after which it expects the event with this number. */
    public static Follower resumed(RunningEdge edge, String channel, Framing framing, String id, int expected) {
        String target = "/events?channels=" + channel;
        return new Follower(edge, framing, target, id, "resumed at " + expected + " with " + id, expected, false);
    }

    /** One that has no cursor, and begins with {@code last:N} or the oldest event. */
    public static Follower lastOrEarliest(RunningEdge edge, String channel, Framing framing, String start, int kept) {
        boolean earliest = start.equals("earliest");
        String target = "/events?channels=" + channel + "&start=" + start;
        return new Follower(edge, framing, target, "", start, earliest ? 0 : kept - 3, !earliest);
    }

    private SseMessages connect(String id) {
        String resumed = id.isEmpty() ? target : target + "&last_event_id=" + id;
        return switch (framing) {
            case SSE -> sse(resumed);
            case EVENT_SOURCE -> {
                String browser = "Accept: text/event-stream\r\nCache-Control: no-cache\r\nSec-Fetch-Mode: cors";
                yield sse(target, id.isEmpty() ? browser : browser + "\r\nLast-Event-ID: " + id);
            }
            case WEB_SOCKET -> WebSocketClient.connect(edge.port(), resumed, SMALL_BUFFER);
            case HTTP2 -> {
                connection = Http2Client.connect(edge.port());
                yield connection.get(resumed).pause();
            }
        };
    }

    private SseClient sse(String target, String... headers) {
        return SseClient.send(
                edge.port(), SseClient.get(target, headers).getBytes(StandardCharsets.UTF_8), SMALL_BUFFER);
    }

    /** Begins to read. */
    public Follower read() {
        if (!reading) {
            reading = true;
            readClient();
        }
        return this;
    }

    /** A program comes again when it is refused while the log cannot be read; an EventSource is told by an event. */
    private void readClient() {
        Eventually.holds(what + " is accepted", () -> {
            if (isAccepted()) {
                return true;
            }
            String id = client.lastEventId();
            close();
            client = connect(id);
            return false;
        });
    }

    private boolean isAccepted() {
        return switch (client) {
            case SseClient sse -> sse.read().status() == 200;
            case WebSocketClient webSocket -> isUpgraded(webSocket);
            // No follower is one of these.
            case GrpcSubscription grpc -> true;
            case Http2Stream http2 -> {
                http2.resume();
                yield http2.status() == 200;
            }
        };
    }

    private static boolean isUpgraded(WebSocketClient webSocket) {
        try {
            webSocket.read();
            return true;
        } catch (AssertionError e) {
            return false;
        }
    }

    private Message next() {
        while (client.hasEnded()) {
            comeBack();
        }
        return client.next();
    }

    /** As an EventSource does, with what it has been told. */
    private void comeBack() {
        String id = client.lastEventId();
        close();
        client = connect(id);
        readClient();
    }

    /** Waits for {@code stream.open}, if it reads. */
    public void awaitOpen() {
        while (reading && messages.stream().noneMatch(message -> message.event().equals("stream.open"))) {
            messages.add(client.next());
        }
    }

    /** Reads up to an event. */
    public void await(String era, int number) {
        while (!isAt(era, number)) {
            try {
                messages.add(next());
            } catch (AssertionError e) {
                throw new AssertionError(this + " waits for " + era + " " + number, e);
            }
        }
    }

    private boolean isAt(String era, int number) {
        Message last = lastEvent();
        return last != null && last.event().equals(era) && Numbered.number(last) >= number;
    }

    private @Nullable Message lastEvent() {
        return messages.isEmpty() || messages.getLast().event().startsWith("stream.") ? null : messages.getLast();
    }

    /** The id of an event that came before the loss. */
    public String idOf(int number) {
        return messages.stream()
                .filter(message -> !message.event().startsWith("stream.")
                        && !message.event().equals("new")
                        && Numbered.number(message) == number)
                .findFirst()
                .orElseThrow()
                .id();
    }

    /** The numbers of one type's events. */
    public List<Integer> numbers(String era) {
        return Numbered.numbers(
                messages.stream().filter(message -> message.event().equals(era)).toList());
    }

    /** Whether it was told that its log was truncated. */
    public boolean isToldTruncated() {
        return messages.stream().anyMatch(Follower::isToldTruncated);
    }

    /**
     * Checks that it has got every event once and in order, where it was told that the log was truncated from there on again, and
     * nothing of the new log behind something of the lost one without a word.
     *
     * @param kept how many events were kept
     * @param newTo the number after the last that was written instead of what was lost
     */
    public void check(int kept, int newTo) {
        int expected = fromLast ? -1 : first;
        boolean isToldBeforeNew = first <= kept;
        boolean isOfLost = false;
        boolean isOfNew = false;
        for (Message message : messages) {
            String era = message.event();
            if (isToldTruncated(message)) {
                // At the oldest event if it is not known how much both logs have in common.
                expected = message.data().contains("\"offset\":0") ? 0 : Math.min(expected, kept);
                isToldBeforeNew = true;
                isOfLost = false;
                assertThat(isOfNew).as("%s: is told after what is new", this).isFalse();
            } else if (!era.startsWith("stream.")) {
                int number = Numbered.number(message);
                assertThat(number).as("%s: after %s", this, expected - 1).isEqualTo(expected < 0 ? number : expected);
                expected = number + 1;
                isOfLost |= era.equals("lost");
                isOfNew |= era.equals("new");
                assertThat(isOfNew && !(era.equals("new") && isToldBeforeNew && !isOfLost))
                        .as("%s: takes %s %s for one of the lost log", this, era, number)
                        .isFalse();
            }
        }
        assertThat(expected).as("%s: all of it", this).isEqualTo(newTo);
        if (first <= kept && numbers("lost").isEmpty()) {
            assertThat(isToldTruncated())
                    .as("%s: has seen nothing that was lost", this)
                    .isFalse();
        }
    }

    private static boolean isToldTruncated(Message message) {
        return message.event().startsWith("stream.") && message.data().contains("\"truncated\"");
    }

    @Override
    public void close() {
        client.close();
        if (connection != null) {
            connection.close();
        }
    }

    @Override
    public String toString() {
        List<String> all = messages.stream()
                .map(message -> message.event().startsWith("stream.")
                        ? message.event() + message.data()
                        : message.event() + Numbered.number(message))
                .toList();
        return what + " " + all;
    }
}
