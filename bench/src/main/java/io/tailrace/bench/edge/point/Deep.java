package io.tailrace.bench.edge.point;

import io.tailrace.bench.edge.load.Feed;
import io.tailrace.bench.edge.load.OrderBook;
import io.tailrace.bench.edge.server.Server;
import io.tailrace.bench.edge.server.Servers;
import io.tailrace.bench.swarm.Swarm;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One channel out of a partition with a million records, from its start: when the first event comes, when all have come,
 * and how much of the log is read for one stream and for many that come together.
 */
public final class Deep implements Point {
    private static final String NAMESPACE = "deep";
    private static final int CHANNELS = 1_000;
    private static final int WANTED = 7;
    private static final int TOGETHER = 100;
    private static final int BURST = 2_000;
    private static final int BURSTS_PER_SECOND = 40;

    private final Servers servers;
    private final Feed feed;
    private final int records;
    private boolean written;

    /** A partition with so many records, of 1,000 channels in turn. */
    public Deep(Servers servers, int records) throws IOException {
        this.servers = servers;
        this.records = records;
        this.feed = new Feed(servers.bootstrap(), servers.edgeTopic(NAMESPACE), NAMESPACE, CHANNELS, 5);
    }

    @Override
    public String name() {
        return "deep";
    }

    @Override
    public boolean appliesTo(String server) {
        return server.equals(Servers.EDGE);
    }

    @Override
    public Sample measure(Server server) throws IOException, InterruptedException {
        if (!written) {
            feed.run(BURSTS_PER_SECOND, records / BURST, BURST, true);
            written = true;
        }
        server.meter().awaitIdle();
        Sample sample = new Sample().with("log_megabytes", servers.logBytes(server.topic(NAMESPACE)) / 1e6);
        read(server, 1, "alone", sample);
        server.meter().awaitIdle();
        read(server, TOGETHER, "together", sample);
        return sample;
    }

    private void read(Server server, int streams, String name, Sample sample) throws IOException, InterruptedException {
        long fetched = server.meter().kafkaBytesReceived();
        long log = servers.logBytes(server.topic(NAMESPACE));
        int[] channelOf = new int[streams];
        java.util.Arrays.fill(channelOf, WANTED);
        OrderBook book = new OrderBook(channelOf, new long[CHANNELS]);
        AtomicLong firstNs = new AtomicLong();
        long startNs = System.nanoTime();
        List<Swarm.Request> requests = Collections.nCopies(
                streams, new Swarm.Request("/events?start=earliest&channels=" + NAMESPACE + ":" + WANTED, ""));
        try (Crowd crowd = new Crowd(server, requests, book, (stream, bytes, from, to, nowNs) -> {
            if (firstNs.get() == 0 && io.tailrace.bench.edge.load.Message.isIn(bytes, from, to)) {
                firstNs.set(nowNs);
            }
        })) {
            crowd.awaitOpen(streams);
            crowd.awaitReceived((long) streams * records / CHANNELS);
            sample.with("first_ms_" + name, (firstNs.get() - startNs) / 1e6)
                    .with("all_ms_" + name, (crowd.lastNs() - startNs) / 1e6)
                    .with(
                            "bytes_read_per_log_byte_" + name,
                            (double) (server.meter().kafkaBytesReceived() - fetched) / log)
                    .with(
                            Sample.WRONG,
                            sample.figures().getOrDefault(Sample.WRONG, 0.0)
                                    + book.missing(feed.next())
                                    + book.late()
                                    + book.foreign());
        }
    }

    @Override
    public void close() {
        feed.close();
    }
}
