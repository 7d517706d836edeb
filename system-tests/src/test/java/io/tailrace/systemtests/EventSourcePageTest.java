package io.tailrace.systemtests;

import static io.tailrace.systemtests.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import io.tailrace.systemtests.browser.Chromium;
import io.tailrace.systemtests.client.Api;
import io.tailrace.systemtests.platform.Platform;
import io.tailrace.systemtests.platform.ServiceProcess;
import io.tailrace.systemtests.platform.SharedPlatform;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A real Chromium's own EventSource that comes at a bad time: it must connect by itself as soon as that is possible. */
@ExtendWith(SharedPlatform.class)
@Tag("server")
class EventSourcePageTest {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private static final String FOLLOW =
            """
            url => {
              window.seen = {counted: [], closings: [], opened: 0, heartbeats: 0, gaveUp: false};
              const source = new EventSource(url);
              source.addEventListener('stream.open', () => seen.opened++);
              source.addEventListener('stream.heartbeat', () => seen.heartbeats++);
              source.addEventListener('stream.closing', e => seen.closings.push(JSON.parse(e.data).reason));
              source.addEventListener('counted', e => seen.counted.push(JSON.parse(e.data).data.n));
              source.onerror = () => seen.gaveUp ||= source.readyState === EventSource.CLOSED;
            }
            """;

    private static Platform platform;
    private static Chromium chromium;

    @BeforeAll
    static void startTheBrowser(Platform shared) {
        platform = shared;
        chromium = new Chromium();
    }

    @AfterAll
    static void stopTheBrowser() {
        if (chromium != null) {
            chromium.close();
        }
    }

    @Test
    void one_that_wants_the_last_events_while_the_log_is_away_gets_them_afterwards() throws Exception {
        // given events of a channel, and a broker that does not answer
        String channel = "news:outage-" + UUID.randomUUID();
        Api publisher = publisher();
        publish(publisher, channel, 1);
        publish(publisher, channel, 2);
        Page page = page(platform.origin());
        long broker = platform.pidOf("kafka");
        signal("STOP", broker);
        try {
            // when a page comes for the first time
            page.evaluate(FOLLOW, "/events?heartbeat=1&start=last:5&channels=" + channel);
            eventually("it is sent away", LIMIT, () -> seen(page, "closings").contains("unavailable"));
        } finally {
            signal("CONT", broker);
        }

        // then it comes back by itself, and sees that its stream lives
        eventually(
                "the last events have come", LIMIT, () -> seen(page, "counted").equals("1,2"));
        publish(publisher, channel, 3);
        eventually("it goes on", LIMIT, () -> seen(page, "counted").equals("1,2,3"));
        eventually("it sees heartbeats", LIMIT, () -> !seen(page, "heartbeats").equals("0"));
        assertThat(seen(page, "gaveUp")).isEqualTo("false");
        page.context().close();
    }

    @Test
    void one_that_meets_a_full_edge_and_then_one_that_shuts_down_goes_on_afterwards() throws Exception {
        // given an edge that has as many streams as it may
        String channel = "news:full-" + UUID.randomUUID();
        Api publisher = publisher();
        ServiceProcess edge = platform.service("sse-edge", Map.of("TAILRACE_EDGE_MAX_CONNECTIONS", "1"));
        edge.start(LIMIT);
        Page page = page(edge.origin());
        HttpRequest request = HttpRequest.newBuilder(URI.create(edge.origin() + "/events?channels=" + channel))
                .build();
        // The stream is closed before the client, which waits for it.
        try (HttpClient http = HttpClient.newHttpClient();
                InputStream only =
                        http.send(request, BodyHandlers.ofInputStream()).body()) {
            // when a page comes, and then there is room
            assertThat(only.read()).isNotNegative();
            page.evaluate(FOLLOW, "/events?channels=" + channel);
            eventually("it is sent away", LIMIT, () -> seen(page, "closings").contains("overloaded"));
        }

        // then it has its stream
        eventually("it is open", LIMIT, () -> seen(page, "opened").equals("1"));
        publish(publisher, channel, 1);
        eventually("it gets events", LIMIT, () -> seen(page, "counted").equals("1"));

        // when the edge shuts down and another takes its place
        assertThat(edge.stop()).isTrue();
        assertThat(seen(page, "closings")).endsWith("draining");
        publish(publisher, channel, 2);
        edge.start(LIMIT);

        // then it goes on where it was
        eventually(
                "it gets what it has missed", LIMIT, () -> seen(page, "counted").equals("1,2"));
        assertThat(seen(page, "gaveUp")).isEqualTo("false");
        page.context().close();
        edge.stop();
    }

    /** A page of this origin, so that EventSource is not subject to CORS. */
    private static Page page(String origin) {
        Page page = chromium.page();
        page.navigate(origin + "/health/liveness");
        return page;
    }

    private static String seen(Page page, String what) {
        return page.evaluate("what => String(seen[what])", what).toString();
    }

    private static Api publisher() throws Exception {
        return new Api(platform.origin(), platform.token("publisher", "--publish", "news:*"));
    }

    private static void publish(Api publisher, String channel, int n) throws Exception {
        publisher.mustWrite(
                "POST", "/channels/" + channel + "/events", Map.of("type", "counted", "data", Map.of("n", n)));
    }

    private static void signal(String name, long pid) throws IOException, InterruptedException {
        assertThat(new ProcessBuilder(List.of("kill", "-" + name, Long.toString(pid)))
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }
}
