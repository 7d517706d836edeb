package io.tailrace.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.backends.LateName;
import io.tailrace.edge.control.ControlTopic;
import io.tailrace.edge.testing.Numbered;
import io.tailrace.edge.testing.RunningEdge;
import io.tailrace.edge.testing.SseClient;
import io.tailrace.edge.testing.TestBroker;
import io.tailrace.edge.testing.TestTokens;
import io.tailrace.kit.consume.Condition;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An edge whose brokers' names do not resolve, at its start and for a while. */
@Timeout(300)
@Tag("server")
class UnknownHostTest {
    @Test
    void startsSaysWhatIsMissingAndServesStreamsWhenTheNameResolves() throws Exception {
        // given
        LateName name = new LateName();
        String channel = Numbered.channel("news");
        Numbered.publish(channel, 0, 3);
        Map<String, Object> settings = Map.of(
                "tailrace.kafka.bootstrap",
                name.of(TestBroker.shared().bootstrap()),
                "tailrace.edge.tail.retry-longest",
                "1s");
        try (RunningEdge edge = RunningEdge.start(settings);
                HttpClient http = HttpClient.newHttpClient()) {
            // when
            SseClient client = SseClient.open(edge.port(), "/events?start=earliest&channels=" + channel);

            // then
            assertThat(client.next("stream.open").data()).contains("\"at\":\"pending\"");
            Eventually.holds("health says what is missing", () -> {
                String health = health(http, edge, "/health");
                return health.matches(".*\"edge-control\":\\{[^}]*No resolvable bootstrap.*");
            });
            assertThat(health(http, edge, "/health/readiness")).startsWith("200 ");

            // when
            name.appear();

            // then
            assertThat(Numbered.numbers(client.events(3))).containsExactly(0, 1, 2);
            Numbered.publish(channel, 3, 4);
            assertThat(Numbered.numbers(client.events(1))).containsExactly(3);
            Eventually.holds(
                    "it is well again",
                    () -> edge.part(ControlTopic.class).loop().condition() instanceof Condition.Running
                            && !health(http, edge, "/health").contains("retrying"));
            client.close();
        }
    }

    @Test
    void oneNameThatResolvesIsEnough() {
        String channel = Numbered.channel("news");
        Map<String, Object> settings = Map.of(
                "tailrace.kafka.bootstrap",
                new LateName().of("x:9092") + "," + TestBroker.shared().bootstrap());
        try (RunningEdge edge = RunningEdge.start(settings)) {
            SseClient client = SseClient.open(edge.port(), "/events?channels=" + channel);
            client.next("stream.open");
            Numbered.publish(channel, 0, 1);
            assertThat(Numbered.numbers(client.events(1))).containsExactly(0);
            client.close();
        }
    }

    private static String health(HttpClient http, RunningEdge edge, String path)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + path))
                .header("Authorization", "Bearer " + TestTokens.tokenOf("root", "admin"))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }
}
