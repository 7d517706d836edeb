package io.tailrace.systemtests.chaos.jobs;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Receives what the jobs send, and has an effect for each under the job's id, as a receiver of Standard Webhooks has. Some take their time, and
 * of some the first delivery is answered with 500 and has no effect. Thread-safe.
 */
final class Receiver implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ID_HEADER = "webhook-id";
    private static final int OK = 204;
    private static final int FAILED = 500;
    private static final long LONGEST_MS = 300;
    private static final long HOLD_LIMIT_S = 60;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final int failBelow;
    private final Map<String, AtomicLong> deliveries = new ConcurrentHashMap<>();
    private final Map<String, Integer> effects = new ConcurrentHashMap<>();
    private final AtomicLong held = new AtomicLong();
    private volatile @Nullable CountDownLatch gate;

    /**
     * Starts it.
     *
     * @param failBelow of the jobs with numbers below it, each fortieth is answered with 500 at first
     */
    Receiver(int failBelow) throws IOException {
        this.failBelow = failBelow;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_024);
        server.setExecutor(threads);
        server.createContext("/", this::receive);
        server.start();
    }

    /** Where it receives. */
    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/effects";
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            String id = exchange.getRequestHeaders().getFirst(ID_HEADER);
            int number = JSON.readTree(exchange.getRequestBody()).path("number").asInt(-1);
            if (id == null || number < 0) {
                exchange.sendResponseHeaders(400, -1);
                return;
            }
            long delivery =
                    deliveries.computeIfAbsent(id, key -> new AtomicLong()).incrementAndGet();
            if (delivery == 1 && number < failBelow && number % 40 == 39) {
                exchange.sendResponseHeaders(FAILED, -1);
                return;
            }
            linger(number);
            effects.putIfAbsent(id, number);
            exchange.sendResponseHeaders(OK, -1);
        } catch (InterruptedException e) {
            // The run is over.
        }
    }

    private void linger(int number) throws InterruptedException {
        CountDownLatch closed = gate;
        if (closed != null) {
            held.incrementAndGet();
            var unused = closed.await(HOLD_LIMIT_S, TimeUnit.SECONDS);
        } else {
            TimeUnit.MILLISECONDS.sleep(number * 37L % LONGEST_MS);
        }
    }

    /** Answers nothing from now on until {@link #letGo}. */
    void hold() {
        gate = new CountDownLatch(1);
    }

    /** Answers again, also what waits. */
    void letGo() {
        CountDownLatch closed = gate;
        gate = null;
        if (closed != null) {
            closed.countDown();
        }
    }

    /** Deliveries that were held. */
    long held() {
        return held.get();
    }

    /** All deliveries. */
    long deliveries() {
        return deliveries.values().stream().mapToLong(AtomicLong::get).sum();
    }

    /** Deliveries beyond the first of each job. */
    long repeated() {
        return deliveries() - deliveries.size();
    }

    /** How many jobs have had their effect. */
    int effects() {
        return effects.size();
    }

    /** Holds the effects against the jobs: each number had one, under the id of its job. */
    void check(Map<Integer, String> jobs, JobHistory history) {
        Set<Integer> seen = new HashSet<>();
        effects.forEach((id, number) -> {
            if (!seen.add(number)) {
                history.fault("number " + number + " has had its effect under two ids");
            }
            if (!id.equals(jobs.get(number))) {
                history.fault("number " + number + " has had its effect under the id " + id + ", and is the job "
                        + jobs.get(number));
            }
        });
        jobs.keySet().stream()
                .filter(number -> !seen.contains(number))
                .forEach(number -> history.fault("number " + number + " has had no effect"));
    }

    @Override
    public void close() {
        letGo();
        server.stop(0);
        threads.shutdownNow();
    }
}
