package io.tailrace.edge.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A client of one stream that keeps of its events the numbers only, and of the bytes nothing, so that gigabytes can be read.
 * It reads up to {@code stream.open} at once and the rest from {@link #read} on.
 */
public final class CountingClient implements AutoCloseable {
    /** Of a line, what is looked at. */
    private static final int PREFIX_BYTES = 256;

    private static final long DEADLINE_SECONDS = 120;

    private final Socket socket = new Socket();
    private final int wanted;
    private final Runnable sample;
    private final CountDownLatch mayRead = new CountDownLatch(1);
    private final CompletableFuture<Boolean> open = new CompletableFuture<>();
    private final CompletableFuture<List<Integer>> events = new CompletableFuture<>();
    private final List<Integer> numbers = new ArrayList<>();
    private final byte[] prefix = new byte[PREFIX_BYTES];
    private int length;
    private String type = "";

    /**
     * Connects, and asks for the channel.
     *
     * @param wanted how many events it reads
     * @param sample called after each read from the socket
     */
    public CountingClient(int port, String channel, int wanted, Runnable sample) {
        this.wanted = wanted;
        this.sample = sample;
        try {
            socket.setReceiveBufferSize(64 << 10);
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            socket.getOutputStream()
                    .write(SseClient.get("/events?channels=" + channel).getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().start(this::run);
    }

    /** Waits until the stream is open. */
    public void awaitOpen() {
        within(open);
    }

    /** From now on it reads. */
    public void read() {
        mayRead.countDown();
    }

    /** The numbers of its events in their order, once it has as many as it wants or the stream has ended. */
    public List<Integer> events() {
        return within(events);
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T within(CompletableFuture<T> future) {
        return future.orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS).join();
    }

    private void run() {
        byte[] buffer = new byte[16 << 10];
        try {
            InputStream in = socket.getInputStream();
            int count = in.read(buffer);
            while (count > 0 && !events.isDone()) {
                feed(buffer, count);
                sample.run();
                if (open.isDone()) {
                    mayRead.await();
                }
                count = in.read(buffer);
            }
        } catch (IOException | InterruptedException e) {
            // The end, as any other.
        }
        open.complete(false);
        events.complete(numbers);
    }

    private void feed(byte[] buffer, int count) {
        for (int i = 0; i < count; i++) {
            byte b = buffer[i];
            if (b != '\n') {
                if (length < PREFIX_BYTES) {
                    prefix[length] = b;
                }
                length++;
            } else {
                line(new String(prefix, 0, Math.min(length, PREFIX_BYTES), StandardCharsets.UTF_8));
                length = 0;
            }
        }
    }

    private void line(String line) {
        if (line.startsWith("event: ")) {
            type = line.substring("event: ".length());
        } else if (line.startsWith("data: ") && type.equals("stream.open")) {
            open.complete(true);
        } else if (line.startsWith("data: ") && type.equals("note")) {
            numbers.add(Integer.parseInt(line.replaceAll(".*\"n\":(\\d+).*", "$1")));
        } else if (line.isEmpty() && numbers.size() >= wanted) {
            events.complete(numbers);
        }
    }
}
