package io.tailrace.bench.edge.point;

import io.tailrace.bench.edge.load.OrderBook;
import io.tailrace.bench.edge.server.Server;
import io.tailrace.bench.edge.server.Servers;
import io.tailrace.bench.swarm.Swarm;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Streams with three channels each on which nothing happens: how fast they open, and what each costs in memory. On a new
 * process, because one that has held as many before gives little of its memory back; it has opened and lost some, so that
 * classes and compiled code are not counted.
 */
public final class Idle implements Point {
    private static final long SETTLE_MS = 1_000;
    private static final int WARM_UPS = 10;

    private final Servers servers;
    private final int streams;

    /** Shares no channel between streams. */
    public Idle(Servers servers, int streams) {
        this.servers = servers;
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
    public Sample measure(Server kind) throws IOException, InterruptedException {
        try (Server server = servers.start(kind.name())) {
            for (int i = 0; i < WARM_UPS; i++) {
                try (Crowd crowd = crowd(server, streams / WARM_UPS)) {
                    crowd.awaitOpen(streams / WARM_UPS);
                }
                server.meter().awaitIdle();
            }
            return measureNew(server);
        }
    }

    private Sample measureNew(Server server) throws IOException, InterruptedException {
        long heap = server.meter().liveHeapBytes();
        long resident = server.meter().residentBytes();
        double cpu = server.meter().cpuSeconds();
        try (Crowd crowd = crowd(server, streams)) {
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

    private static Crowd crowd(Server server, int streams) throws IOException {
        List<Swarm.Request> requests = IntStream.range(0, streams)
                .mapToObj(i -> new Swarm.Request(
                        "/events?channels=many:" + 3 * i + ",many:" + (3 * i + 1) + ",many:" + (3 * i + 2), ""))
                .toList();
        OrderBook nothing = new OrderBook(new int[0], new long[0]);
        return new Crowd(server, requests, nothing, (stream, bytes, from, to, nowNs) -> {});
    }
}
