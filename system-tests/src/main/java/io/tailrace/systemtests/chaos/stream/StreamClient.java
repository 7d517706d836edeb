package io.tailrace.systemtests.chaos.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.systemtests.chaos.check.Entry;
import io.tailrace.systemtests.chaos.schedule.Reader;
import io.tailrace.systemtests.client.SseParser;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client of one stream that goes on for ever: it waits as long as {@code retry:} says and comes back with its last id, as a
 * browser does (WHATWG HTML, section 9.2.3). Thread-safe.
 */
public final class StreamClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SILENCE_MS = 45_000;
    private static final long FIRST_RETRY_MS = 1_000;

    private final Reader reader;
    private final URI origin;
    private final Tokens tokens;
    private final FrameReading frames;
    private final StreamState state;
    private final Patches patches;
    private final Diary diary = new Diary();
    private final List<Long> asksMs = new ArrayList<>();
    private final Thread thread;
    private volatile @Nullable StreamSocket socket;
    private volatile long slowUntilNs = System.nanoTime();
    private volatile long awayUntilNs = System.nanoTime();
    private volatile boolean closed;
    private String lastEventId = "";
    private long retryMs = FIRST_RETRY_MS;

    /**
     * Starts to follow.
     *
     * @param reader who and what
     * @param origin where streams are
     * @param tokens signs its tokens
     * @param frames reads what streams say; shared by all clients
     */
    StreamClient(Reader reader, URI origin, Tokens tokens, FrameReading frames, Patches.Sender sender) {
        this.reader = reader;
        this.origin = origin;
        this.tokens = tokens;
        this.frames = frames;
        this.state = new StreamState(new Wishes(reader.channels(), reader.channels(), reader.start()));
        this.patches = new Patches(state, diary, sender, this::token);
        this.thread = Thread.ofVirtual().name(name()).start(this::follow);
    }

    /** Its name in reports. */
    public String name() {
        return "client " + reader.number();
    }

    /** What it did and saw. */
    public Diary diary() {
        return diary;
    }

    /** The channels that it wants now. */
    public Set<String> wanted() {
        return state.wanted();
    }

    /** Whether it has a stream now. */
    public boolean isOpen() {
        return state.isOpen();
    }

    /** When it asked for streams, milliseconds by {@link System#nanoTime()}. */
    public List<Long> asksMs() {
        synchronized (asksMs) {
            return List.copyOf(asksMs);
        }
    }

    /** Does not read for a while. */
    public void pause(long forMs) {
        slowUntilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(forMs);
    }

    /** Ends its stream, if it has one, and asks for none for a while. */
    public void leave(long forMs) {
        awayUntilNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(forMs);
        StreamSocket open = socket;
        if (open != null) {
            try {
                open.close();
            } catch (IOException e) {
                // It has ended then.
            }
        }
    }

    /** Gives its stream a new token, if it has one. */
    public void renew() {
        state.renew();
        patches.send();
    }

    /** Adds a channel that it may read. */
    public void add(String channel, String start) {
        wish(wishes -> {
            wishes.grant(channel);
            wishes.add(channel, start);
        });
    }

    /** Removes a channel. */
    public void remove(String channel) {
        wish(wishes -> wishes.remove(channel));
    }

    /** Its next tokens do not allow a channel, which it has no longer. */
    public void revoke(String channel) {
        wish(wishes -> wishes.revoke(channel));
    }

    /** Asks for a channel that it may not read. */
    public void trespass(String channel) {
        state.trespass(channel);
        patches.send();
    }

    private void wish(Consumer<Wishes> wish) {
        state.wish(wish);
        patches.send();
    }

    private void follow() {
        try {
            while (!closed) {
                try {
                    stream();
                } catch (IOException e) {
                    diary.write(new Entry.Ended(String.valueOf(e.getMessage())));
                }
                state.ended();
                TimeUnit.MILLISECONDS.sleep(retryMs);
                TimeUnit.NANOSECONDS.sleep(awayUntilNs - System.nanoTime());
            }
        } catch (InterruptedException e) {
            // It was closed.
        }
    }

    private void stream() throws IOException, InterruptedException {
        Entry.Asked asked = state.ask();
        diary.write(asked);
        synchronized (asksMs) {
            asksMs.add(TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
        }
        Map<String, String> headers = new HashMap<>(Map.of("Authorization", "Bearer " + token(asked.granted())));
        if (!lastEventId.isEmpty()) {
            headers.put("Last-Event-ID", lastEventId);
        }
        String path = "/events?start=" + reader.start() + "&channels="
                + URLEncoder.encode(String.join(",", asked.channels()), StandardCharsets.US_ASCII);
        try (StreamSocket opened = new StreamSocket(origin, path, headers, SILENCE_MS)) {
            socket = opened;
            if (opened.status() != 200) {
                refused(opened);
                return;
            }
            List<SseParser.SseEvent> events = new ArrayList<>();
            SseParser parser = new SseParser(lastEventId, events::add);
            while (!closed) {
                awaitTurn();
                parser.line(opened.line());
                for (SseParser.SseEvent event : events) {
                    take(event);
                }
                events.clear();
                lastEventId = parser.lastEventId();
                retryMs = parser.retryMs() >= 0 ? parser.retryMs() : retryMs;
            }
        } finally {
            socket = null;
        }
    }

    private void refused(StreamSocket answer) throws InterruptedException {
        diary.write(
                answer.status() == 503
                        ? new Entry.Ended("answered 503")
                        : new Entry.Nonsense("a request for a stream was answered " + answer.status()));
        String after = answer.header("Retry-After");
        retryMs = after != null && after.matches("[0-9]{1,3}")
                ? TimeUnit.SECONDS.toMillis(Long.parseLong(after))
                : FIRST_RETRY_MS;
    }

    private void take(SseParser.SseEvent event) throws IOException, InterruptedException {
        for (Entry entry : frames.read(event)) {
            diary.write(entry);
            if (entry instanceof Entry.Opened(List<Entry.Started> channels)) {
                JsonNode data = JSON.readTree(event.data());
                state.opened(data.path("connection_id").asText(), channels);
                patches.send();
            } else if (entry instanceof Entry.Changed changed) {
                state.changed(changed);
                patches.send();
            } else if (entry instanceof Entry.Postponed(List<String> channels)) {
                state.postponed(channels);
                patches.send();
            }
        }
    }

    private String token(Set<String> granted) {
        return tokens.issue(
                reader.subject(), granted, List.of(), System.currentTimeMillis() + reader.tokenLifetimeMs());
    }

    private void awaitTurn() throws InterruptedException {
        long left;
        while ((left = slowUntilNs - System.nanoTime()) > 0 && !closed) {
            TimeUnit.NANOSECONDS.sleep(Math.min(left, TimeUnit.MILLISECONDS.toNanos(200)));
        }
    }

    @Override
    public void close() throws InterruptedException, IOException {
        closed = true;
        thread.interrupt();
        StreamSocket open = socket;
        if (open != null) {
            open.close();
        }
        thread.join();
    }
}
