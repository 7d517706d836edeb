package io.tailrace.bench.edge.point;

import io.tailrace.bench.edge.load.Feed;
import io.tailrace.bench.edge.load.OrderBook;
import io.tailrace.bench.edge.server.Server;
import io.tailrace.bench.edge.server.Servers;
import io.tailrace.bench.swarm.Swarm;
import java.io.IOException;
import java.util.Collections;
import java.util.List;

/**
 * Streams that keep up, alone, and then beside others of the same channel that began at its start and have stopped reading
 * with more ahead of them than the sockets hold. In the end those read, and must get everything.
 */
public final class SlowReaders implements Point {
    private static final String NAMESPACE = "slow";
    private static final int FAST = 1_000;
    private static final int SLOW = 50;
    private static final int PER_SECOND = 40;
    private static final int BACKLOG_MESSAGES = 40_000;
    private static final int BURST = 400;

    private final Feed feed;
    private final int seconds;
    private boolean written;

    /** Each half of a run takes so many seconds. */
    public SlowReaders(Servers servers, int seconds) throws IOException {
        this.seconds = seconds;
        this.feed = new Feed(servers.bootstrap(), servers.edgeTopic(NAMESPACE), NAMESPACE, 1, 0);
    }

    @Override
    public String name() {
        return "slow-readers";
    }

    @Override
    public boolean appliesTo(String server) {
        return server.equals(Servers.EDGE);
    }

    @Override
    public Sample measure(Server server) throws IOException, InterruptedException {
        if (!written) {
            feed.run(PER_SECOND, BACKLOG_MESSAGES / BURST, BURST, false);
            written = true;
        }
        Sample sample = new Sample();
        fast(server, "alone", sample);
        OrderBook book = new OrderBook(new int[SLOW], new long[1]);
        try (Crowd slow = new Crowd(
                server, requests(SLOW, "&start=earliest"), book, (stream, bytes, from, to, arrivedNs) -> {})) {
            slow.awaitOpen(SLOW);
            slow.swarm().pause(true);
            server.meter().awaitIdle();
            fast(server, "beside_slow", sample);
            long before = slow.received();
            slow.swarm().pause(false);
            slow.awaitReceived(feed.next()[0] * SLOW);
            return sample.with("slow_were_behind_by", (double) feed.next()[0] - (double) before / SLOW)
                    .with(
                            Sample.WRONG,
                            sample.figures().getOrDefault(Sample.WRONG, 0.0)
                                    + book.missing(feed.next())
                                    + book.late()
                                    + book.foreign());
        }
    }

    private void fast(Server server, String name, Sample sample) throws IOException, InterruptedException {
        OrderBook book = new OrderBook(new int[FAST], feed.next());
        try (Crowd crowd = new Crowd(server, requests(FAST, ""), book, (stream, bytes, from, to, arrivedNs) -> {})) {
            crowd.awaitOpen(FAST);
            server.meter().awaitIdle();
            double cpu = server.meter().cpuSeconds();
            feed.run(PER_SECOND, PER_SECOND * seconds, 1, false);
            crowd.awaitReceived((long) PER_SECOND * seconds * FAST);
            cpu = server.meter().cpuSeconds() - cpu;
            sample.with("p50_ms_" + name, crowd.latency().getValueAtPercentile(50) / 1e6)
                    .with("p99_ms_" + name, crowd.latency().getValueAtPercentile(99) / 1e6)
                    .with("cpu_s_per_million_" + name, cpu * 1e6 / crowd.received())
                    .with(
                            Sample.WRONG,
                            sample.figures().getOrDefault(Sample.WRONG, 0.0)
                                    + book.missing(feed.next())
                                    + book.late()
                                    + book.foreign());
        }
    }

    private static List<Swarm.Request> requests(int streams, String more) {
        return Collections.nCopies(streams, new Swarm.Request("/events?channels=" + NAMESPACE + ":0" + more, ""));
    }

    @Override
    public void close() {
        feed.close();
    }
}
