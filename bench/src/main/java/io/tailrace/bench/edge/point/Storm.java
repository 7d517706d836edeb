package io.tailrace.bench.edge.point;

import io.tailrace.bench.edge.load.Feed;
import io.tailrace.bench.edge.load.OrderBook;
import io.tailrace.bench.edge.server.Server;
import io.tailrace.bench.edge.server.Servers;
import io.tailrace.bench.swarm.Frames;
import io.tailrace.bench.swarm.Swarm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Streams that lose their edge together and come to another one at once, without the jitter of {@code retry:}, each with
 * the cursor that it had when the edge died, while messages go on. The messages of the time between are written faster
 * than they would have come.
 */
public final class Storm implements Point {
    private static final String NAMESPACE = "many";
    private static final int PER_SECOND = 2_000;
    private static final int AWAY_SECONDS = 60;
    private static final int HISTORY_FACTOR = 20;
    private static final int BURSTS_PER_SECOND = 1_000;
    private static final long CAUGHT_UP_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(120);
    private static final long POLL_MS = 10;
    private static final byte[] CAUGHT_UP = "stream.caught_up".getBytes(StandardCharsets.US_ASCII);

    private final Servers servers;
    private final int streams;
    private final Feed feed;

    /** A storm of streams with one channel each. */
    public Storm(Servers servers, int streams) throws IOException {
        this.servers = servers;
        this.streams = streams;
        this.feed = new Feed(servers.bootstrap(), servers.edgeTopic(NAMESPACE), NAMESPACE, streams, 0);
    }

    @Override
    public String name() {
        return "storm";
    }

    @Override
    public boolean appliesTo(String server) {
        return server.equals(Servers.EDGE);
    }

    @Override
    public Sample measure(Server survivor) throws IOException, InterruptedException {
        int[] channelOf = IntStream.range(0, streams).toArray();
        long[] first = feed.next();
        String[] cursors = cursors(channelOf, first);
        long logStart = servers.logBytes(survivor.topic(NAMESPACE));
        feed.run(
                BURSTS_PER_SECOND,
                AWAY_SECONDS * BURSTS_PER_SECOND / HISTORY_FACTOR,
                PER_SECOND * HISTORY_FACTOR / BURSTS_PER_SECOND,
                true);
        AtomicBoolean ended = new AtomicBoolean();
        Thread live = new Thread(() -> sendUntil(ended), "live");
        long fetched = survivor.meter().kafkaBytesReceived();
        double cpu = survivor.meter().cpuSeconds();
        live.start();
        long startNs = System.nanoTime();
        AtomicInteger caughtUp = new AtomicInteger();
        OrderBook book = new OrderBook(channelOf, first);
        Frames frames = (stream, bytes, from, to, nowNs) -> {
            if (contains(bytes, from, to, CAUGHT_UP)) {
                caughtUp.incrementAndGet();
            }
        };
        try (Crowd crowd = new Crowd(survivor, requests(channelOf, cursors), book, frames)) {
            double accepted = crowd.awaitOpen(streams);
            while (caughtUp.get() < streams && System.nanoTime() - startNs < CAUGHT_UP_TIMEOUT_NS) {
                TimeUnit.MILLISECONDS.sleep(POLL_MS);
            }
            double seconds = (System.nanoTime() - startNs) / 1e9;
            long read = survivor.meter().kafkaBytesReceived() - fetched;
            long stretch = servers.logBytes(survivor.topic(NAMESPACE)) - logStart;
            ended.set(true);
            live.join();
            crowd.awaitReceived(
                    Arrays.stream(feed.next()).sum() - Arrays.stream(first).sum());
            return new Sample()
                    .with("seconds_to_head", seconds)
                    .with("bytes_read_per_log_byte", (double) read / stretch)
                    .with("log_megabytes", stretch / 1e6)
                    .with("accepted_per_s", accepted)
                    .with("server_cpu_s", survivor.meter().cpuSeconds() - cpu)
                    .with("not_caught_up", streams - caughtUp.get())
                    .with(Sample.WRONG, book.missing(feed.next()) + book.late() + book.foreign());
        } finally {
            ended.set(true);
        }
    }

    /** Opens the streams on an edge that is then killed; what their last ids were. */
    private String[] cursors(int[] channelOf, long[] first) throws IOException, InterruptedException {
        String[] cursors = new String[streams];
        Arrays.fill(cursors, "");
        try (Server victim = servers.edge()) {
            List<Swarm.Request> requests = requests(channelOf, cursors.clone());
            Frames frames = (stream, bytes, from, to, nowNs) -> cursors[stream] = id(bytes, from, to);
            Crowd crowd = new Crowd(victim, requests, new OrderBook(channelOf, first), frames);
            try {
                crowd.awaitOpen(streams);
                victim.kill();
            } finally {
                crowd.close();
            }
        }
        return cursors;
    }

    private static List<Swarm.Request> requests(int[] channelOf, String[] cursors) {
        List<Swarm.Request> requests = new ArrayList<>();
        for (int i = 0; i < channelOf.length; i++) {
            requests.add(new Swarm.Request("/events?channels=" + NAMESPACE + ":" + channelOf[i], "", cursors[i]));
        }
        return requests;
    }

    private void sendUntil(AtomicBoolean ended) {
        while (!ended.get()) {
            feed.run(BURSTS_PER_SECOND, BURSTS_PER_SECOND / 10, PER_SECOND / BURSTS_PER_SECOND, true);
        }
    }

    private static String id(byte[] bytes, int from, int to) {
        String frame = new String(bytes, from, to - from, StandardCharsets.US_ASCII);
        int at = frame.indexOf("id: ");
        return at < 0 ? "" : frame.substring(at + 4, frame.indexOf('\n', at));
    }

    static boolean contains(byte[] bytes, int from, int to, byte[] part) {
        // Only the first lines can hold it, and most frames are messages.
        int end = Math.min(to, from + 96) - part.length;
        for (int i = from; i <= end; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() {
        feed.close();
    }
}
