package io.tailrace.ingest.sql;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.People;
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
class PostgresAwayTest {
    private final UUID user = UUID.randomUUID();
    private TestIngest server = TestIngest.shared();

    @BeforeAll
    void start() {
        server = TestIngest.start(Map.of(
                "tailrace.postgres.url",
                "jdbc:postgresql://127.0.0.1:1/tailrace",
                "datasources.ingest.connection-timeout",
                500,
                "tailrace.metrics.open",
                true));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @Test
    void what_needs_only_the_log_goes_on() {
        Http person = server.with(TestKeys.shared().person(user));
        Http publisher = server.with(TestKeys.shared().publisher("chat:*"));

        assertThat(person.post("/posts", "{\"text\": \"hello\"}").status()).isEqualTo(201);
        assertThat(person.send("PUT", "/follows/" + UUID.randomUUID(), null).status())
                .isEqualTo(204);
        assertThat(publisher
                        .post("/channels/chat:1/events", "{\"type\": \"said\", \"data\": 1}")
                        .status())
                .isEqualTo(202);
        Http.Answer metric = server.anonymous().post("/metrics", "{\"name\": \"cpu\"}");
        assertThat(server.anonymous()
                        .post(
                                "/metrics/readings",
                                "{\"metric_id\": \"" + metric.body().path("id").asText() + "\", \"value\": 1}")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void what_needs_postgresql_is_503_and_says_when_to_come_again() {
        Http person = server.with(TestKeys.shared().person(user));

        assertAway(server.anonymous().post("/auth/register", People.registration(People.freshEmail())));
        assertAway(server.anonymous().post("/auth/login", People.login(People.freshEmail())));
        assertAway(server.anonymous().post("/auth/refresh", "{\"refresh_token\": \"x\"}"));
        assertAway(person.get("/feed"));
        assertAway(person.header("Idempotency-Key", "k").post("/posts", "{\"text\": \"hello\"}"));
        assertAway(server.anonymous().get("/metrics/" + UUID.randomUUID()));
    }

    private static void assertAway(Http.Answer answer) {
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.problem()).isEqualTo("unavailable");
        assertThat(answer.header("Retry-After")).isNotEmpty();
    }
}
