package io.tailrace.workers.webhook;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.contracts.webhook.EventPattern;
import io.tailrace.contracts.webhook.WebhookSecret;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.testing.FakeJob;
import io.tailrace.kit.outbound.OutboundHttp;
import io.tailrace.workers.testing.TestHttp;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * By hand, and not in the test run: 10,000 deliveries, 64 at a time, to endpoints that work, fail, hang, redirect, answer 429 and 410, and
 * send 50 MB. It says what came of them and how much memory was used. With a small heap it ends only if the memory is bounded:
 *
 * <pre>java -Xmx48m -cp … io.tailrace.workers.webhook.ManyDeliveries 10000</pre>
 */
final class ManyDeliveries {
    private static final int AT_A_TIME = 64;
    private static final byte[] MEGABYTE = new byte[1 << 20];
    private static final int MEGABYTES = 50;
    private static final List<String> KINDS = List.of("ok", "fail", "hang", "redirect", "busy", "gone", "long");

    private ManyDeliveries() {}

    public static void main(String[] args) throws Exception {
        int deliveries = Integer.parseInt(args[0]);
        KnownEndpoints endpoints = new KnownEndpoints();
        Map<String, AtomicLong> outcomes = new TreeMap<>();
        AtomicLong mostBytes = new AtomicLong();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                OutboundHttp http = TestHttp.client(new SimpleMeterRegistry(), "127.0.0.1")) {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
            server.setExecutor(threads);
            server.createContext("/", ManyDeliveries::answer);
            server.start();
            WebhookHandler handler = new WebhookHandler(
                    endpoints,
                    http,
                    new WebhookSettings(Duration.ofMillis(500), 1024, "", Duration.ofHours(24)),
                    new DeliverySchedule(new Random(7)),
                    Instant::now);
            Semaphore free = new Semaphore(AT_A_TIME);
            long startNs = System.nanoTime();
            for (int i = 0; i < deliveries; i++) {
                String kind = KINDS.get(i % KINDS.size());
                UUID endpoint = endpoint(endpoints, server.getAddress().getPort(), kind);
                free.acquire();
                threads.execute(() -> {
                    try {
                        String outcome = kind + ": " + deliver(handler, endpoint);
                        synchronized (outcomes) {
                            outcomes.computeIfAbsent(outcome, _ -> new AtomicLong())
                                    .incrementAndGet();
                        }
                    } finally {
                        free.release();
                    }
                });
                if (i % 500 == 0) {
                    mostBytes.accumulateAndGet(used(), Math::max);
                }
            }
            free.acquire(AT_A_TIME);
            long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNs);
            server.stop(0);
            System.out.println(deliveries + " deliveries in " + tookMs + " ms, at most " + mostBytes.get() / 1_000_000
                    + " MB of heap in use of " + Runtime.getRuntime().maxMemory() / 1_000_000 + " MB, "
                    + liveAfterCollection() / 1_000_000 + " MB live after it");
            outcomes.forEach((outcome, count) -> System.out.println(count + " " + outcome));
        }
    }

    private static UUID endpoint(KnownEndpoints endpoints, int port, String kind) {
        UUID id = UUID.nameUUIDFromBytes(kind.getBytes(StandardCharsets.US_ASCII));
        // Enabled again each time, or the one that is gone would be asked once.
        endpoints.all.put(
                id,
                new Endpoint(
                        id,
                        "http://127.0.0.1:" + port + "/" + kind,
                        List.of(new EventPattern("*")),
                        List.of(WebhookSecret.of(new byte[32])),
                        true));
        return id;
    }

    private static String deliver(WebhookHandler handler, UUID endpoint) {
        try {
            WebhookPayload payload =
                    new WebhookPayload(null, endpoint, Map.of("type", "x", "data", "y".repeat(2_000)), null);
            return String.valueOf(handler.run(payload, FakeJob.first()).status());
        } catch (JobFailure e) {
            return e.type();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private static void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        switch (exchange.getRequestURI().getPath()) {
            case "/ok" -> exchange.sendResponseHeaders(204, -1);
            case "/redirect" -> {
                exchange.getResponseHeaders().add("Location", "/ok");
                exchange.sendResponseHeaders(302, -1);
            }
            case "/busy" -> {
                exchange.getResponseHeaders().add("Retry-After", "60");
                exchange.sendResponseHeaders(429, -1);
            }
            case "/gone" -> exchange.sendResponseHeaders(410, -1);
            case "/hang" -> {
                try {
                    TimeUnit.SECONDS.sleep(2);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            case "/long" -> {
                exchange.sendResponseHeaders(200, 0);
                for (int i = 0; i < MEGABYTES; i++) {
                    exchange.getResponseBody().write(MEGABYTE);
                }
            }
            default -> exchange.sendResponseHeaders(500, -1);
        }
        exchange.close();
    }

    private static long used() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static long liveAfterCollection() {
        System.gc();
        return used();
    }
}
