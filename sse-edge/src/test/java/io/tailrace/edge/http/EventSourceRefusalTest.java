package io.tailrace.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.SseClient;
import io.tailrace.edge.testing.SseMessages.Message;
import io.tailrace.edge.testing.TestBroker;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How an EventSource, which gives up on any status but 200, is told that it has come at a bad time. */
@Tag("server")
class EventSourceRefusalTest {
    private static final String NEWS = "/events?channels=news:a";

    /** As Chromium 156 sends them. */
    private static final String[] EVENT_SOURCE = {
        "Accept: text/event-stream",
        "Cache-Control: no-cache",
        "Pragma: no-cache",
        "Sec-Fetch-Site: same-origin",
        "Sec-Fetch-Mode: cors",
        "Sec-Fetch-Dest: empty",
        "Referer: http://localhost/",
    };

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "EventSource in Chromium, Firefox, Safari | Accept: text/event-stream | Cache-Control: no-cache |"
                        + " Sec-Fetch-Mode: cors | true",
                "EventSource without Fetch Metadata, another origin | Accept: text/event-stream | Cache-Control:"
                        + " no-cache | Origin: http://x | true",
                "EventSource without Fetch Metadata, same origin | Accept: text/event-stream | Cache-Control: no-cache"
                        + " | Referer: http://x/ | true",
                "fetch-event-source | Accept: text/event-stream | X: y | Sec-Fetch-Mode: cors | false",
                "fetch of a page, no-store | Accept: */* | Cache-Control: no-cache | Sec-Fetch-Mode: cors | false",
                "sseclient, OkHttp | Accept: text/event-stream | Cache-Control: no-cache | X: y | false",
                "httpx-sse | Accept: text/event-stream | Cache-Control: no-store | X: y | false",
                "fetch in Node.js | Accept: text/event-stream | X: y | Sec-Fetch-Mode: cors | false",
            })
    void anEventSourceIsKnownByItsHeaders(String client, String first, String second, String third, boolean expected) {
        HttpHeaders headers = new DefaultHttpHeaders();
        for (String header : new String[] {first, second, third}) {
            headers.add(header.split(": ")[0], header.split(": ")[1]);
        }
        assertThat(EventSourceClient.wantsEvents(NEWS, headers)).as(client).isEqualTo(expected);
        assertThat(EventSourceClient.wantsEvents(NEWS + "&refusal=event", headers))
                .isTrue();
        assertThat(EventSourceClient.wantsEvents(NEWS + "&refusal=status", headers))
                .isFalse();
        headers.add("Tailrace-Refusal-Status", "1");
        assertThat(EventSourceClient.wantsEvents(NEWS + "&refusal=event", headers))
                .isFalse();
    }

    @Test
    void inAnOverloadItIsToldByAnEventAndProgramsByTheStatus() {
        try (RunningEdge edge = RunningEdge.start(Map.of("tailrace.edge.max-connections", 1));
                SseClient only = SseClient.open(edge.port(), NEWS)) {
            assertThat(only.status()).isEqualTo(200);

            isSentAway(edge, NEWS, "{\"reason\":\"overloaded\",\"reconnect\":true,\"status\":503}");
            try (SseClient program = SseClient.open(edge.port(), NEWS);
                    SseClient page = SseClient.open(edge.port(), NEWS + "&refusal=status", EVENT_SOURCE);
                    SseClient watcher = SseClient.open(edge.port(), "/events/watch", EVENT_SOURCE)) {
                assertThat(program.status()).isEqualTo(503);
                assertThat(page.status()).isEqualTo(503);
                assertThat(page.header("retry-after")).isNotEmpty();
                assertThat(watcher.next()).extracting(Message::data).isEqualTo("disconnected");
                watcher.awaitEnd();
            }
            assertThat(only.hasEnded()).isFalse();
        }
    }

    @Test
    void tooManyStreamsOfOneAddressAreToldInTheSameWay() {
        try (RunningEdge edge = RunningEdge.start(Map.of(
                        "tailrace.edge.max-connections-per-address",
                        1,
                        "tailrace.limits.trusted-proxies",
                        "127.0.0.1"));
                SseClient only = SseClient.open(edge.port(), NEWS, "X-Forwarded-For: 198.51.100.7")) {
            assertThat(only.status()).isEqualTo(200);

            isSentAway(
                    edge,
                    NEWS,
                    "{\"reason\":\"too_many_streams\",\"reconnect\":true,\"status\":429}",
                    "X-Forwarded-For: 198.51.100.7");
        }
    }

    @Test
    void anEdgeThatShutsDownSendsItToAnother() {
        try (RunningEdge edge = RunningEdge.start()) {
            edge.part(ConnectionSlots.class).drain();

            isSentAway(edge, NEWS, "{\"reason\":\"draining\",\"reconnect\":true,\"status\":503}");
        }
    }

    @Test
    void whileTheLogIsAwayAFirstConnectionForTheLastEventsIsToldToo() {
        TestBroker broker = TestBroker.shared();
        try (RunningEdge edge = RunningEdge.start(Map.of("tailrace.edge.tail.request-timeout", "500ms"))) {
            broker.stop();
            try {
                isSentAway(
                        edge,
                        "/events?channels=news:a&start=last:5",
                        "{\"reason\":\"unavailable\",\"reconnect\":true,\"status\":503}");
            } finally {
                broker.start();
            }
        }
    }

    @Test
    void whatDoesNotPassByItselfKeepsItsStatus() {
        try (RunningEdge edge = RunningEdge.start()) {
            for (String target : new String[] {"/events", "/events?channels=weather", "/events?channels=feed:42"}) {
                try (SseClient client = SseClient.open(edge.port(), target, EVENT_SOURCE)) {
                    assertThat(client.status()).isBetween(400, 404);
                    assertThat(client.header("content-type")).isEqualTo("application/problem+json");
                }
            }
        }
    }

    private static void isSentAway(RunningEdge edge, String target, String data, String... more) {
        String[] headers = Arrays.copyOf(EVENT_SOURCE, EVENT_SOURCE.length + more.length);
        System.arraycopy(more, 0, headers, EVENT_SOURCE.length, more.length);
        try (SseClient client = SseClient.open(edge.port(), target, headers)) {
            assertThat(client.status()).isEqualTo(200);
            assertThat(client.header("content-type")).isEqualTo("text/event-stream;charset=utf-8");
            assertThat(client.header("connection")).isEqualTo("close");
            Message closing = client.next("stream.closing");
            assertThat(closing.data()).isEqualTo(data);
            // Without an id, so that its cursor stays where it is.
            assertThat(closing.id()).isNullOrEmpty();
            assertThat(client.retryMs()).isBetween(1, 10_000);
            client.awaitEnd();
        }
    }
}
