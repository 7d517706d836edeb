package io.tailrace.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.SseClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** As many streams as there may be, and the end of an edge. */
@Tag("server")
class LimitTest {
    @Test
    void refusesOneStreamTooMany() {
        try (RunningEdge edge = RunningEdge.start(Map.of("tailrace.edge.max-connections", 2))) {
            // given
            SseClient first = SseClient.open(edge.port(), "/events?channels=news:a");
            SseClient second = SseClient.open(edge.port(), "/events?channels=news:a");

            // when
            SseClient third = SseClient.open(edge.port(), "/events?channels=news:a");

            // then
            assertThat(third.status()).isEqualTo(503);
            assertThat(Integer.parseInt(third.header("retry-after"))).isPositive();
            assertThat(third.body()).contains("too-many-connections");
            first.reset();
            Eventually.holds("there is room again", () -> {
                try (SseClient fourth = SseClient.open(edge.port(), "/events?channels=news:a")) {
                    return fourth.status() == 200;
                }
            });
            second.close();
            third.close();
        }
    }

    @Test
    void closesTheOldestForOneStreamTooMany() {
        try (RunningEdge edge = RunningEdge.start(
                Map.of("tailrace.edge.max-connections", 2, "tailrace.edge.connection-limit-policy", "close-oldest"))) {
            // given
            SseClient first = SseClient.open(edge.port(), "/events?channels=news:a");
            SseClient second = SseClient.open(edge.port(), "/events?channels=news:a");

            // when
            SseClient third = SseClient.open(edge.port(), "/events?channels=news:a");

            // then
            assertThat(third.status()).isEqualTo(200);
            assertThat(first.next("stream.closing").data()).contains("overloaded");
            first.awaitEnd();
            third.next("stream.open");
            second.next("stream.open");
            assertThat(second.hasEnded()).isFalse();
            second.close();
            third.close();
        }
    }

    @Test
    void refusesOneStreamTooManyOfAnAddressAndServesOthers() {
        try (RunningEdge edge = RunningEdge.start(Map.of(
                "tailrace.edge.max-connections-per-address", 2, "tailrace.limits.trusted-proxies", "127.0.0.1"))) {
            // given two streams of one client behind a proxy
            String news = "/events?channels=news:a";
            SseClient first = SseClient.open(edge.port(), news, "X-Forwarded-For: 198.51.100.7");
            SseClient second = SseClient.open(edge.port(), news, "X-Forwarded-For: 192.0.2.1, 198.51.100.7");

            // when it asks for a third, or for a WebSocket
            SseClient third = SseClient.open(edge.port(), news, "X-Forwarded-For: 198.51.100.7");
            SseClient webSocket = SseClient.open(
                    edge.port(),
                    news,
                    "X-Forwarded-For: 198.51.100.7",
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");

            // then it gets none, and another client does, and so does this machine
            for (SseClient refused : List.of(third, webSocket)) {
                assertThat(refused.status()).isEqualTo(429);
                assertThat(Integer.parseInt(refused.header("retry-after"))).isPositive();
                assertThat(refused.body()).contains("too-many-streams");
                refused.close();
            }
            for (String other : List.of("198.51.100.8", "127.0.0.1")) {
                try (SseClient served = SseClient.open(edge.port(), news, "X-Forwarded-For: " + other)) {
                    assertThat(served.status()).isEqualTo(200);
                }
            }
            first.reset();
            Eventually.holds("there is room again", () -> {
                try (SseClient fourth = SseClient.open(edge.port(), news, "X-Forwarded-For: 198.51.100.7")) {
                    return fourth.status() == 200;
                }
            });
            second.close();
        }
    }

    @Test
    void sendsItsClientsAwayOneAfterTheOtherWhenItStops() throws Exception {
        RunningEdge edge = RunningEdge.start();
        SseClient first = SseClient.open(edge.port(), "/events?channels=news:a");
        SseClient second = SseClient.open(edge.port(), "/events/watch");
        first.next("stream.open");
        assertThat(second.next().data()).isEqualTo("connected");

        // when
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(edge::close);

        // then
        assertThat(first.next("stream.closing").data()).contains("draining", "\"reconnect\":true");
        assertThat(first.retryMs()).isPositive();
        assertThat(second.next().data()).isEqualTo("disconnected");
        first.awaitEnd();
        second.awaitEnd();
        Eventually.result("the edge has stopped", stopped);
    }
}
