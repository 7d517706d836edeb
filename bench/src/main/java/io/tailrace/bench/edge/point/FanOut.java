package io.tailrace.bench.edge.point;

import io.tailrace.bench.edge.load.Feed;
import io.tailrace.bench.edge.load.OrderBook;
import io.tailrace.bench.edge.server.ProcessMeter;
import io.tailrace.bench.edge.server.Server;
import io.tailrace.bench.edge.server.Servers;
import io.tailrace.bench.swarm.Swarm;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Bursts at a steady rate to streams that are open: to one channel that all have, or to a channel for each. */
public final class FanOut implements Point {
    private static final double MILLION = 1e6;

    private final Shape shape;
    private final String bootstrap;
    private final int seconds;
    private final Map<String, Feed> feeds = new HashMap<>();
    private final ProcessMeter client;

    /**
     * How many of what.
     *
     * @param name the point's name
     * @param streams open streams
     * @param channels 1, or as many as streams
     * @param perSecond bursts in a second
     * @param size messages in a burst: to the one channel, or each to another one
     * @param plainPerSecond bursts in a second for the plain server, which dies of what it queues if it can't keep up; 0
     *     to leave it out
     */
    public record Shape(String name, int streams, int channels, int perSecond, int size, int plainPerSecond) {
        int perSecond(String server) {
            return server.equals(Servers.PLAIN) ? plainPerSecond : perSecond;
        }

        boolean isBroadcast() {
            return channels == 1;
        }

        String namespace() {
            return isBroadcast() ? "one" : "many";
        }
    }

    /**
     * A point.
     *
     * @param client what the benchmark itself uses
     */
    public FanOut(Shape shape, String bootstrap, int seconds, ProcessMeter client) {
        this.shape = shape;
        this.bootstrap = bootstrap;
        this.seconds = seconds;
        this.client = client;
    }

    @Override
    public String name() {
        return shape.name();
    }

    @Override
    public boolean appliesTo(String server) {
        return shape.perSecond(server) > 0;
    }

    @Override
    public Sample measure(Server server) throws IOException, InterruptedException {
        Feed feed = feeds.computeIfAbsent(
                server.name(),
                name -> new Feed(
                        bootstrap,
                        server.topic(shape.namespace()),
                        shape.namespace(),
                        shape.channels(),
                        shape.isBroadcast() && shape.size() > 1 ? 1 : 0));
        int[] channelOf = IntStream.range(0, shape.streams())
                .map(stream -> shape.isBroadcast() ? 0 : stream)
                .toArray();
        List<Swarm.Request> requests = Arrays.stream(channelOf)
                .mapToObj(channel -> new Swarm.Request("/events?channels=" + shape.namespace() + ":" + channel, ""))
                .toList();
        OrderBook book = new OrderBook(channelOf, feed.next());
        try (Crowd crowd = new Crowd(server, requests, book, (stream, bytes, from, to, nowNs) -> {})) {
            double accepted = crowd.awaitOpen(shape.streams());
            server.meter().awaitIdle();
            return run(server, feed, crowd, book).with("accepted_per_s", accepted);
        }
    }

    private Sample run(Server server, Feed feed, Crowd crowd, OrderBook book) throws IOException, InterruptedException {
        int perSecond = shape.perSecond(server.name());
        int bursts = perSecond * seconds;
        long expected = (long) bursts * shape.size() * (shape.isBroadcast() ? shape.streams() : 1);
        long reads = crowd.swarm().readsWithFrames();
        double serverCpu = server.meter().cpuSeconds();
        double clientCpu = client.cpuSeconds();
        long startNs = System.nanoTime();
        feed.run(perSecond, bursts, shape.size(), !shape.isBroadcast());
        crowd.awaitReceived(expected);
        serverCpu = server.meter().cpuSeconds() - serverCpu;
        clientCpu = client.cpuSeconds() - clientCpu;
        long received = crowd.received();
        Sample sample = new Sample().with(Sample.WRONG, book.missing(feed.next()) + book.late() + book.foreign());
        if (received == 0) {
            return sample;
        }
        return sample.with("deliveries_per_s", received * 1e9 / (crowd.lastNs() - startNs))
                .with("cpu_s_per_million", serverCpu * MILLION / received)
                .with("client_cpu_s_per_million", clientCpu * MILLION / received)
                .with("frames_per_write", (double) received / (crowd.swarm().readsWithFrames() - reads))
                .withLatency(crowd.latency());
    }

    @Override
    public void close() {
        feeds.values().forEach(Feed::close);
    }
}
