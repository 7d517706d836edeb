package io.tailrace.systemtests;

import static io.tailrace.systemtests.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.systemtests.SeriesWalk.State;
import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.client.Subscriber;
import io.tailrace.systemtests.client.Subscriber.Received;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.SharedPlatform;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** History joined with live: a chart that is opened while readings come in, on everything that {@code up} starts. */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class SeriesTest {
    /** How many charts are opened; docs/benchmarks.md has what came of 1,000. */
    private static final int JOINS = Integer.getInteger("tailrace.series.joins", 20);

    private static final int JOINS_PER_ROUND = 20;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final long SEED = 21;

    private static Api api;
    private static Platform platform;
    private static String token;

    @BeforeAll
    static void signIn(Platform shared) throws Exception {
        platform = shared;
        token = shared.token("sam");
        api = new Api(shared.origin(), token);
    }

    /** A chart: the windows as they were when it was opened, and what the stream brings from there on. */
    private record Chart(String channel, Map<String, State> rows, Subscriber live) {
        /** The windows as they are shown now; fails if a point repeats what was there before, or is older. */
        Map<String, State> shown() {
            Map<String, State> shown = new TreeMap<>(rows);
            for (Received point : live.events(channel)) {
                JsonNode data = point.data();
                State state = State.of(data.path("count"), data.path("sum"), data.path("min"), data.path("max"));
                State before = shown.put(data.path("t").asText(), state);
                assertThat(state.count())
                        .as("the number of readings of a window grows with each point: %s", data)
                        .isGreaterThan(before == null ? 0 : before.count());
            }
            return shown;
        }
    }

    @Test
    void a_chart_that_is_opened_at_any_moment_has_every_window_once_with_all_of_its_readings() throws Exception {
        String metric = api.mustWrite("POST", "/metrics", Map.of("name", "walk", "unit", "m"))
                .path("id")
                .asText();
        SeriesWalk walk = new SeriesWalk(api, metric, new SplittableRandom(SEED));
        for (int joined = 0; joined < JOINS; joined += JOINS_PER_ROUND) {
            round(walk, Math.min(JOINS_PER_ROUND, JOINS - joined));
        }

        eventually("what is read now is the same", LIMIT, () -> rows(read(metric, "1s", walk.base()))
                .equals(walk.seconds()));
    }

    /** Opens charts while readings come in; when there are no more, each of them has to show all. */
    private static void round(SeriesWalk walk, int joins) throws Exception {
        List<Chart> charts = new ArrayList<>();
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        try {
            ScheduledFuture<?> writing =
                    clock.scheduleAtFixedRate(walk::addBatch, 0, SeriesWalk.BATCH_INTERVAL_MS, TimeUnit.MILLISECONDS);
            for (int i = 0; i < joins; i++) {
                Executor later = CompletableFuture.delayedExecutor(walk.pauseMs(), TimeUnit.MILLISECONDS);
                CompletableFuture.runAsync(() -> {}, later).get();
                charts.add(open(walk.metric(), i % 2 == 0 ? "1s" : "10s", walk.base()));
            }
            assertThat(writing.cancel(false)).as("no batch has failed").isTrue();
            clock.submit(() -> {}).get();

            for (Chart chart : charts) {
                Map<String, State> expected = chart.channel().endsWith(":1s") ? walk.seconds() : walk.tens();
                eventually("all windows of " + chart.channel(), LIMIT, () -> chart.shown()
                        .equals(expected));
                assertThat(chart.live().controlTypes()).doesNotContain("stream.gap", "stream.reset");
            }
        } finally {
            clock.shutdownNow();
            for (Chart chart : charts) {
                chart.live().close();
            }
        }
    }

    private static Chart open(String metric, String resolution, Instant base) throws Exception {
        JsonNode answer = read(metric, resolution, base);
        String channel = answer.path("channel").asText();
        assertThat(channel).isEqualTo("series:" + metric + ":" + resolution);
        Subscriber live = new Subscriber(
                List.of(platform.origin()), token, answer.path("position").asText(), List.of(channel));
        return new Chart(channel, rows(answer), live);
    }

    private static JsonNode read(String metric, String resolution, Instant base) throws Exception {
        Api.Answer answer = api.call(
                "GET",
                "/metrics/" + metric + "/series?max_points=10000&columns=t,count,sum,min,max&resolution=" + resolution
                        + "&from=" + base.minusSeconds(60) + "&to=" + base.plusSeconds(3_600),
                null);
        assertThat(answer.status()).as(answer.json().toString()).isEqualTo(200);
        return answer.json();
    }

    private static Map<String, State> rows(JsonNode answer) {
        Map<String, State> rows = new TreeMap<>();
        for (JsonNode row : answer.path("rows")) {
            if (row.get(1).asLong() > 0) {
                rows.put(row.get(0).asText(), State.of(row.get(1), row.get(2), row.get(3), row.get(4)));
            }
        }
        return rows;
    }
}
