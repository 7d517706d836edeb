package io.tailrace.projections;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.runtime.server.EmbeddedServer;
import io.tailrace.backends.Eventually;
import io.tailrace.backends.LateName;
import io.tailrace.contracts.event.UserRegistered;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.projections.testing.RunningProjections;
import io.tailrace.projections.testing.TestBroker;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Projections whose brokers' names do not resolve, at their start and for a while. */
@Timeout(300)
@Tag("server")
class UnknownHostTest {
    @Test
    void startSayWhatIsMissingAndCopyWhenTheNameResolves() throws Exception {
        // given
        LateName name = new LateName();
        Map<String, Object> settings = Map.of(
                "tailrace.kafka.bootstrap",
                name.of(TestBroker.shared().settings().bootstrap()),
                "tailrace.projections.retry-longest",
                "500ms",
                "endpoints.health.details-visible",
                "ANONYMOUS");
        try (RunningProjections projections = new RunningProjections(settings);
                HttpClient http = HttpClient.newHttpClient()) {
            // then
            Eventually.holds("health says what is missing", () -> health(http, projections, "/health")
                    .matches("(?s)200 .*\"projection-start\":\\{[^}]*No resolvable bootstrap.*"));
            assertThat(health(http, projections, "/health/readiness")).startsWith("200 ");

            // when
            name.appear();
            UserRegistered ada = new UserRegistered(
                    UUID.randomUUID(), UUID.randomUUID() + "@example.org", "Ada", null, Instant.EPOCH);
            RunningProjections.publish(Topics.USERS, ada.id(), "user_registered", ada);

            // then
            projections.eventually("select name from users where id = '" + ada.id() + "'", "Ada");
            // The other tests of this broker have copies of their own of the same topic.
            byte[] key = ada.id().toString().getBytes(StandardCharsets.UTF_8);
            TestBroker.shared().send(new ProducerRecord<>(Topics.USERS, key, null));
            projections.eventually("select name from users where id = '" + ada.id() + "'");
            Eventually.holds("it is well again", () -> !health(http, projections, "/health")
                    .contains("retrying"));
        }
    }

    private static String health(HttpClient http, RunningProjections projections, String path)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        projections.bean(EmbeddedServer.class).getURI().resolve(path))
                .timeout(Duration.ofSeconds(60))
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }
}
