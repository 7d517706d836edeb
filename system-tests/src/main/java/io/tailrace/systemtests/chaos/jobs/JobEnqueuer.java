package io.tailrace.systemtests.chaos.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.systemtests.client.Api;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Enqueues numbered jobs over HTTP, each until it is acknowledged and always under one idempotency key. Used by one thread. */
final class JobEnqueuer implements AutoCloseable {
    private static final int CALLERS = 24;
    private static final int MOST_ATTEMPTS = 60;

    private final Api api;
    private final String url;
    private final JobHistory history;
    private final Map<Integer, String> jobs = new ConcurrentHashMap<>();
    private final AtomicInteger next = new AtomicInteger();
    private int planned;
    private ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();

    JobEnqueuer(Api api, String url, JobHistory history) {
        this.api = api;
        this.url = url;
        this.history = history;
    }

    /** Begins to enqueue so many, evenly over a time, and does not wait. */
    void begin(int count, long overMs) {
        int first = planned;
        int last = first + count;
        planned = last;
        long beginNs = System.nanoTime();
        for (int i = 0; i < CALLERS; i++) {
            var unused = callers.submit(() -> {
                for (int number = next.getAndIncrement(); number < last; number = next.getAndIncrement()) {
                    long dueNs = beginNs + TimeUnit.MILLISECONDS.toNanos(overMs * (number - first) / count);
                    TimeUnit.NANOSECONDS.sleep(dueNs - System.nanoTime());
                    enqueue(number);
                }
                return null;
            });
        }
    }

    /** Waits until all that was begun is acknowledged, or was given up. */
    void await(long limitMs) throws InterruptedException, IOException {
        callers.shutdown();
        if (!callers.awaitTermination(limitMs, TimeUnit.MILLISECONDS)) {
            throw new IOException("jobs were not acknowledged in " + limitMs + " ms");
        }
        callers = Executors.newVirtualThreadPerTaskExecutor();
        next.set(planned);
    }

    private void enqueue(int number) throws InterruptedException {
        Map<String, Object> job = Map.of(
                "type",
                "webhook",
                "payload",
                Map.of("url", url, "event", Map.of("type", "fault.run", "number", number)),
                "max_attempts",
                MOST_ATTEMPTS);
        try {
            JsonNode answer = api.mustWrite("POST", "/jobs", job);
            jobs.put(number, answer.path("id").asText());
        } catch (IOException | IllegalStateException e) {
            history.fault("number " + number + " was not acknowledged: " + e.getMessage());
        }
    }

    /** The acknowledged jobs by their numbers. */
    Map<Integer, String> jobs() {
        return jobs;
    }

    @Override
    public void close() {
        callers.shutdownNow();
    }
}
