package io.tailrace.ingest.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.People;
import io.tailrace.ingest.testing.Projections;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("server")
class KafkaAwayTest {
    private final UUID user = UUID.randomUUID();
    private TestIngest server = TestIngest.shared();

    @BeforeAll
    void start() {
        server = TestIngest.start(Map.of(
                "tailrace.kafka.bootstrap",
                "127.0.0.1:1",
                "tailrace.log.max-block",
                "300ms",
                "tailrace.log.delivery-timeout",
                "600ms",
                "tailrace.projection-wait.max-wait",
                "300ms"));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void what_needs_the_log_is_503_and_says_when_to_come_again() {
        Http person = server.with(TestKeys.shared().person(user));
        Http publisher = server.with(TestKeys.shared().publisher("chat:*"));

        assertAway(person.post("/posts", "{\"text\": \"hello\"}"));
        assertAway(person.send("PUT", "/follows/" + UUID.randomUUID(), null));
        assertAway(person.post("/metrics", "{\"name\": \"cpu\"}"));
        assertAway(publisher.post("/channels/chat:1/events", "{\"type\": \"said\", \"data\": 1}"));
    }

    @Test
    void accounts_go_on() {
        assertThat(People.signedIn(server, People.freshEmail()).status()).isEqualTo(200);
    }

    @Test
    void a_feed_is_answered_as_far_as_it_is_known() {
        Projections.feedEntry(user, UUID.randomUUID(), "old news");

        Http.Answer feed = server.with(TestKeys.shared().person(user)).get("/feed");

        assertThat(feed.status()).isEqualTo(200);
        assertThat(feed.body().at("/posts/0/text").asText()).isEqualTo("old news");
        assertThat(feed.header("Tailrace-Stale")).isEqualTo("true");
    }

    private static void assertAway(Http.Answer answer) {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.problem()).isEqualTo("unavailable");
        assertThat(answer.header("Retry-After")).isNotEmpty();
    }
}
