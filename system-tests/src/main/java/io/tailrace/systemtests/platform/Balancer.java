package io.tailrace.systemtests.platform;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What stands before several edges: a TCP proxy that asks each for its readiness and gives new connections to the ready ones
 * in turn. One that says that it is not ready, or takes no connection, gets none from then on; one that was taken out by hand,
 * as before a deploy, gets none either. It can cut connections in the middle of what they carry, and delay them. Loopback
 * only. Thread-safe.
 */
public final class Balancer implements AutoCloseable {
    private static final int BACKLOG = 1024;
    private static final int MAX_LINKS = 20_000;
    private static final int CONNECT_LIMIT_MS = 2_000;
    private static final long PROBE_PAUSE_MS = 200;
    private static final Duration PROBE_LIMIT = Duration.ofSeconds(1);

    /** Probes without an answer, one after the other, after which an edge gets connections only if no other is ready. */
    private static final int SILENT_PROBES = 3;

    private final ServerSocket listener;
    private final List<Upstream> upstreams = new ArrayList<>();
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicInteger cuts = new AtomicInteger();
    private final HttpClient http = HttpClient.newHttpClient();

    /** An edge, and what it said to the last probe. */
    private static final class Upstream {
        final URI origin;
        volatile boolean ready;
        volatile boolean silent;
        volatile boolean takenOut;

        Upstream(URI origin) {
            this.origin = origin;
        }
    }

    /** A balancer before some origins. */
    public Balancer(List<String> origins) throws IOException {
        origins.forEach(origin -> upstreams.add(new Upstream(URI.create(origin))));
        listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        upstreams.forEach(upstream -> Thread.ofVirtual().start(() -> probe(upstream)));
        Thread.ofVirtual().start(this::accept);
    }

    /** Where clients connect. */
    public String origin() {
        return "http://127.0.0.1:" + listener.getLocalPort();
    }

    /** How many connections it has cut. */
    public int cuts() {
        return cuts.get();
    }

    /** How many connections are open. */
    public int open() {
        return links.size();
    }

    /** Whether an origin is thought to be ready. */
    public boolean isReady(String origin) {
        return upstreams.stream()
                .anyMatch(upstream -> upstream.ready && !upstream.silent && upstream.origin.equals(URI.create(origin)));
    }

    /** Gives an origin no connection any more, whatever it says, as whoever deploys does before it is stopped. */
    public void takeOut(String origin) {
        set(origin, true);
    }

    /** Gives it connections again as soon as it is ready. */
    public void putBack(String origin) {
        set(origin, false);
    }

    private void set(String origin, boolean takenOut) {
        upstreams.stream()
                .filter(upstream -> upstream.origin.equals(URI.create(origin)))
                .forEach(upstream -> upstream.takenOut = takenOut);
    }

    /** Cuts some of the connections, each within the next half kilobyte of its answer. */
    public void cut(int percent, SplittableRandom random) {
        for (Link link : links) {
            if (random.nextInt(100) < percent) {
                link.cutAfterBytes = random.nextInt(512);
            }
        }
    }

    /** Holds back what comes from the server on some of the connections. */
    public void delay(int percent, long delayMs, SplittableRandom random) {
        for (Link link : links) {
            if (random.nextInt(100) < percent) {
                link.delayMs = delayMs;
            }
        }
    }

    /** Nothing is held back any more. */
    public void endDelays() {
        links.forEach(link -> link.delayMs = 0);
    }

    private void probe(Upstream upstream) {
        HttpRequest request = HttpRequest.newBuilder(upstream.origin.resolve("/health/readiness"))
                .timeout(PROBE_LIMIT)
                .build();
        int unanswered = 0;
        try {
            while (!listener.isClosed()) {
                try {
                    upstream.ready = http.send(request, HttpResponse.BodyHandlers.discarding())
                                    .statusCode()
                            == 200;
                    unanswered = 0;
                } catch (HttpTimeoutException e) {
                    unanswered++;
                } catch (IOException e) {
                    upstream.ready = false;
                    unanswered = 0;
                }
                upstream.silent = upstream.ready && unanswered >= SILENT_PROBES;
                TimeUnit.MILLISECONDS.sleep(PROBE_PAUSE_MS);
            }
        } catch (InterruptedException e) {
            upstream.ready = false;
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (links.size() >= MAX_LINKS) {
                    client.close();
                } else {
                    Thread.ofVirtual().start(() -> connect(client));
                }
            } catch (IOException e) {
                // It was closed, or that client has gone already.
            }
        }
    }

    private void connect(Socket client) {
        for (Upstream upstream : inTurn()) {
            Socket server = new Socket();
            try {
                // Small buffers, so that the server feels soon that a client does not read.
                server.setReceiveBufferSize(Link.BUFFER_BYTES);
                server.connect(
                        new InetSocketAddress(upstream.origin.getHost(), upstream.origin.getPort()), CONNECT_LIMIT_MS);
                client.setSendBufferSize(Link.BUFFER_BYTES);
                Link link = new Link(client, server, links, cuts);
                links.add(link);
                link.start();
                return;
            } catch (IOException e) {
                Link.close(server);
            }
        }
        Link.close(client);
    }

    /**
     * The ready ones. If all of those are silent, these: on a machine without a second of CPU to spare that is everybody, and
     * to turn all clients away helps nobody (as Envoy has it in its panic mode).
     */
    private List<Upstream> inTurn() {
        List<Upstream> ready = upstreams.stream()
                .filter(upstream -> upstream.ready && !upstream.takenOut)
                .toList();
        List<Upstream> lively =
                ready.stream().filter(upstream -> !upstream.silent).toList();
        List<Upstream> chosen = new ArrayList<>(lively.isEmpty() ? ready : lively);
        Collections.rotate(chosen, -Math.floorMod(turn.getAndIncrement(), Math.max(1, chosen.size())));
        return chosen;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        links.forEach(Link::close);
        http.shutdownNow();
    }
}
