package io.tailrace.systemtests.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Writes events of one stream of its own, one after the other at a steady rate, and remembers the ids that were
 * acknowledged, in their order. Thread-safe.
 */
public final class Publisher {
    private final Write write;
    private final long intervalNs;
    private final List<String> acknowledged = new ArrayList<>();
    private final Thread thread;
    private volatile boolean stopped;
    private volatile @Nullable Throwable failure;

    /** One write; gives the id of the event that it made. */
    @FunctionalInterface
    public interface Write {
        /** Writes number {@code n}. */
        String event(int n) throws IOException, InterruptedException;
    }

    /** Starts to write {@code perSecond} events a second. */
    public Publisher(int perSecond, Write write) {
        this.write = write;
        this.intervalNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
        this.thread = Thread.ofVirtual().start(this::publish);
    }

    /** A publisher on a channel. */
    public static Publisher onChannel(Api api, String channel, int perSecond) {
        return new Publisher(perSecond, n -> api.mustWrite(
                        "POST", "/channels/" + channel + "/events", Map.of("type", "counted", "data", Map.of("n", n)))
                .path("events")
                .path(0)
                .path("id")
                .asText());
    }

    /** An author of posts. */
    public static Publisher ofPosts(Api api, int perSecond) {
        return new Publisher(perSecond, n -> api.mustWrite("POST", "/posts", Map.of("text", "post " + n))
                .path("id")
                .asText());
    }

    /** Ends it after the write in hand and gives the ids that were acknowledged. */
    public List<String> stop() throws InterruptedException {
        stopped = true;
        thread.join();
        if (failure != null) {
            throw new IllegalStateException("a publisher failed", failure);
        }
        return acknowledged();
    }

    /** The ids that were acknowledged so far. */
    public synchronized List<String> acknowledged() {
        return List.copyOf(acknowledged);
    }

    private void publish() {
        long due = System.nanoTime();
        try {
            for (int n = 0; !stopped; n++) {
                keep(write.event(n));
                due += intervalNs;
                LockSupport.parkNanos(due - System.nanoTime());
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            failure = e;
        }
    }

    private synchronized void keep(String id) {
        acknowledged.add(id);
    }
}
