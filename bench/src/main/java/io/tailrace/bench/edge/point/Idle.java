package io.tailrace.bench.edge.point;

import io.tailrace.bench.edge.load.OrderBook;
import io.tailrace.bench.edge.server.Server;
import io.tailrace.bench.swarm.Swarm;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Streams with three channels each on which nothing happens: how fast they open, and what each costs in memory. */
public final class Idle implements Point {
    private static final long SETTLE_MS = 1_000;

    private final int streams;

    /** Shares no channel between streams. */
    public Idle(int streams) {
        this.streams = streams;
    }

    @Override
    public String name() {
        return "idle";
    }

    @Override
    public boolean appliesTo(String server) {
        return true;
    }

    @Override
    public Sample measure(Server server) throws IOException, InterruptedException {
        server.meter().awaitIdle();
        long heap = server.meter().liveHeapBytes();
        long resident = server.meter().residentBytes();
        double cpu = server.meter().cpuSeconds();
        List<Swarm.Request> requests = IntStream.range(0, streams)
                .mapToObj(i -> new Swarm.Request(
                        "/events?channels=many:" + 3 * i + ",many:" + (3 * i + 1) + ",many:" + (3 * i + 2), ""))
                .toList();
        OrderBook nothing = new OrderBook(new int[0], new long[0]);
        try (Crowd crowd = new Crowd(server, requests, nothing, (stream, bytes, from, to, nowNs) -> {})) {
            double accepted = crowd.awaitOpen(streams);
            cpu = server.meter().cpuSeconds() - cpu;
            server.meter().awaitIdle();
            TimeUnit.MILLISECONDS.sleep(SETTLE_MS);
            return new Sample()
                    .with("heap_bytes_per_stream", (double) (server.meter().liveHeapBytes() - heap) / streams)
                    .with("rss_bytes_per_stream", (double) (server.meter().residentBytes() - resident) / streams)
                    .with("accepted_per_s", accepted)
                    .with("cpu_us_per_accept", cpu * 1e6 / streams);
        }
    }
}
