package io.tailrace.edge.testing;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The JDK's own client of WebSocket: a second opinion on what the edge sends. */
public final class JdkWebSocket implements WebSocket.Listener, AutoCloseable {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final StringBuilder text = new StringBuilder();
    private @Nullable WebSocket socket;

    private JdkWebSocket() {}

    /** Connects; {@code protocols} are subprotocols to offer. */
    public static JdkWebSocket open(HttpClient http, URI uri, String... protocols) {
        JdkWebSocket client = new JdkWebSocket();
        WebSocket.Builder builder = http.newWebSocketBuilder();
        if (protocols.length == 1) {
            builder.subprotocols(protocols[0]);
        }
        client.socket = builder.connectTimeout(Duration.ofSeconds(60))
                .buildAsync(uri, client)
                .join();
        return client;
    }

    /** The connection. */
    public WebSocket socket() {
        return java.util.Objects.requireNonNull(socket);
    }

    /** The next thing heard: a message, {@code pong …} or {@code close STATUS REASON}. */
    public String next() {
        try {
            String next = heard.poll(60, TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing more came");
            }
            return next;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** The next that has this in it. */
    public String next(String part) {
        String next = next();
        while (!next.contains(part)) {
            next = next();
        }
        return next;
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        text.append(part);
        if (last) {
            heard.add(text.toString());
            text.setLength(0);
        }
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer payload) {
        heard.add("pong " + payload.remaining());
        from.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int status, String reason) {
        heard.add("close " + status + " " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket from, Throwable fault) {
        heard.add("error " + fault);
    }

    @Override
    public void close() {
        socket().abort();
    }
}
