package io.tailrace.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers a show of several hundred seats if none of the newest is still to begin, so that the live page has seats to sell.
 * Asks until it has an answer, on a thread of its own: nothing waits for it.
 */
public final class DemoShow implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DemoShow.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final long PAUSE_MS = 3000;
    private static final int DAYS_AHEAD = 30;
    private static final int HOLD_SECONDS = 120;

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("demo-show").daemon().factory());
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(LIMIT)
            .build();
    /** One for all attempts, so that one whose answer was lost does not make a second show. */
    private final String idempotencyKey = UUID.randomUUID().toString();

    private final Map<String, Object> show;
    private final URI shows;
    private final Supplier<String> token;
    private final Clock clock;

    private DemoShow(URI origin, Supplier<String> token, Clock clock) {
        this.shows = origin.resolve("/shows");
        this.token = token;
        this.clock = clock;
        this.show = Map.of(
                "name",
                "An evening by the river",
                "starts_at",
                clock.instant()
                        .truncatedTo(ChronoUnit.HOURS)
                        .plus(DAYS_AHEAD, ChronoUnit.DAYS)
                        .toString(),
                "hold_seconds",
                HOLD_SECONDS,
                "sections",
                List.of(section("Stalls", 9, 26, 48), section("Circle", 5, 30, 32)));
    }

    /**
     * Starts to ask.
     *
     * @param origin of the write API
     * @param token gives a valid token with the role organizer, asked at each request
     */
    public static DemoShow start(URI origin, Supplier<String> token) {
        DemoShow demo = new DemoShow(origin, token, Clock.systemUTC());
        var unused = demo.thread.scheduleWithFixedDelay(demo::attempt, 0, PAUSE_MS, TimeUnit.MILLISECONDS);
        return demo;
    }

    private void attempt() {
        try {
            if (!isThereOne()) {
                var unused = send(request()
                        .header("Content-Type", "application/json")
                        .header("Idempotency-Key", idempotencyKey)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(show))));
            }
            thread.shutdown();
        } catch (IOException | RuntimeException e) {
            LOG.debug("No demo show yet", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isThereOne() throws IOException, InterruptedException {
        Instant now = clock.instant();
        for (JsonNode known : send(request().GET()).path("shows")) {
            if (Instant.parse(known.path("starts_at").asText()).isAfter(now)) {
                return true;
            }
        }
        return false;
    }

    private HttpRequest.Builder request() {
        return HttpRequest.newBuilder(shows).timeout(LIMIT).header("Authorization", "Bearer " + token.get());
    }

    private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() / 100 != 2) {
            throw new IOException(shows + " was answered with " + answer.statusCode());
        }
        return JSON.readTree(answer.body());
    }

    private static Map<String, Object> section(String name, int rows, int seatsPerRow, int price) {
        return Map.of("name", name, "rows", rows, "seats_per_row", seatsPerRow, "price", price);
    }

    @Override
    public void close() {
        thread.shutdownNow();
        http.shutdownNow();
    }
}
