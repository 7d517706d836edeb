package io.tailrace.bench.edge.point;

import io.tailrace.bench.edge.load.Message;
import io.tailrace.bench.edge.load.OrderBook;
import io.tailrace.bench.edge.server.Server;
import io.tailrace.bench.swarm.Frames;
import io.tailrace.bench.swarm.Swarm;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** Streams that are open, with the check of what they get and its latencies. */
final class Crowd implements AutoCloseable {
    private static final int ADDRESSES = 4;
    private static final long OPEN_TIMEOUT_MS = 60_000;
    private static final long QUIET_MS = 10_000;
    private static final long POLL_MS = 5;
    private static final long LONGEST_NS = TimeUnit.MINUTES.toNanos(5);

    private final OrderBook book;
    private final Swarm swarm;
    private final long startedNs = System.nanoTime();
    private final Histogram latency = new Histogram(LONGEST_NS, 3);
    private final AtomicLong received = new AtomicLong();
    private volatile long lastNs;

    /**
     * Starts to open streams.
     *
     * @param requests one a stream
     * @param book what each is to get
     * @param others sees every frame too
     */
    Crowd(Server server, List<Swarm.Request> requests, OrderBook book, Frames others) throws IOException {
        this.book = book;
        List<InetSocketAddress> from = IntStream.range(2, 2 + ADDRESSES)
                .mapToObj(i -> new InetSocketAddress("127.0.0." + i, 0))
                .toList();
        this.swarm = new Swarm(server.address(), from, requests, (stream, bytes, start, to, arrivedNs) -> {
            if (Message.isIn(bytes, start, to)) {
                take(stream, bytes, to, arrivedNs);
            }
            others.frame(stream, bytes, start, to, arrivedNs);
        });
    }

    private void take(int stream, byte[] bytes, int to, long arrivedNs) {
        book.take(stream, Message.channel(bytes, to), Message.number(bytes, to));
        latency.recordValue(Math.clamp(arrivedNs - Message.sentNs(bytes, to), 0, LONGEST_NS));
        lastNs = arrivedNs;
        // After everything else, so that who has seen the count sees what it counts.
        received.lazySet(received.getPlain() + 1);
    }

    /** Waits for each stream's first frame; how many streams were accepted in a second. */
    double awaitOpen(int streams) throws IOException, InterruptedException {
        swarm.awaitOpen(OPEN_TIMEOUT_MS);
        return streams * 1e9 / (swarm.openedNs() - startedNs);
    }

    /** Waits until so many messages have come, or none has for a while. */
    void awaitReceived(long count) throws IOException, InterruptedException {
        long seen = -1;
        long deadline = 0;
        while (received.get() < count) {
            swarm.check();
            if (received.get() != seen) {
                seen = received.get();
                deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(QUIET_MS);
            } else if (System.nanoTime() > deadline) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
        }
    }

    /** Messages so far. */
    long received() {
        return received.get();
    }

    /** When the last one came, as {@link System#nanoTime()}. */
    long lastNs() {
        return lastNs;
    }

    /** To be read when nothing is on its way any more. */
    Histogram latency() {
        return latency;
    }

    Swarm swarm() {
        return swarm;
    }

    @Override
    public void close() throws IOException, InterruptedException {
        swarm.close();
    }
}
