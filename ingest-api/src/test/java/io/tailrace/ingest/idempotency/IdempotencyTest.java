package io.tailrace.ingest.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.topic.Topics;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.People;
import io.tailrace.ingest.testing.Projections;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import io.tailrace.ingest.testing.TestLog;
import io.tailrace.ingest.testing.TestPostgres;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("server")
class IdempotencyTest {
    private static final String POST = "{\"text\": \"once\"}";

    private final UUID author = UUID.randomUUID();
    private final String key = UUID.randomUUID().toString();
    private final Http http = TestIngest.shared().with(TestKeys.shared().person(author));
    private final Http keyed = http.header("Idempotency-Key", key);

    @Test
    void the_same_request_again_gets_the_same_answer_and_has_no_further_effect() {
        Http.Answer first = keyed.post("/posts", POST);
        Http.Answer again = keyed.post("/posts", " {\"text\":\"once\"} ");

        assertThat(first.status()).isEqualTo(201);
        assertThat(first.header("Idempotency-Replayed")).isEmpty();
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
        assertThat(posts()).hasSize(1);
    }

    @Test
    void every_write_takes_a_key() {
        String room = "chat:" + UUID.randomUUID();
        Http publisher =
                TestIngest.shared().with(TestKeys.shared().publisher("chat:*")).header("Idempotency-Key", key);
        String email = People.freshEmail();

        assertReplayed(() -> publisher.post(
                "/channels/" + room + "/events", "[{\"type\": \"a\", \"data\": 1}, {\"type\": \"b\", \"data\": 2}]"));
        assertReplayed(
                () -> http.header("Idempotency-Key", key + 1).send("PUT", "/follows/" + UUID.fromString(key), null));
        assertReplayed(
                () -> http.header("Idempotency-Key", key + 2).send("DELETE", "/follows/" + UUID.fromString(key), null));
        Http.Answer metric =
                assertReplayed(() -> http.header("Idempotency-Key", key + 3).post("/metrics", "{\"name\": \"cpu\"}"));
        String reading = "{\"metric_id\": \"" + metric.body().path("id").asText() + "\", \"value\": 1.5}";
        assertReplayed(() -> http.header("Idempotency-Key", key + 4).post("/metrics/readings", reading));
        assertReplayed(() -> TestIngest.shared()
                .anonymous()
                .header("Idempotency-Key", key + 5)
                .post("/auth/register", People.registration(email)));
        assertThat(TestLog.events("tailrace.channels.chat", room)).hasSize(2);
    }

    @Test
    void the_same_key_with_another_request_is_422() {
        keyed.post("/posts", POST);

        Http.Answer otherBody = keyed.post("/posts", "{\"text\": \"twice\"}");
        Http.Answer otherPath = keyed.send("PUT", "/follows/" + UUID.randomUUID(), null);

        assertThat(otherBody.status()).isEqualTo(422);
        assertThat(otherBody.problem()).isEqualTo("idempotency-key-reused");
        assertThat(otherPath.status()).isEqualTo(422);
        assertThat(posts()).hasSize(1);
    }

    @Test
    void a_registration_with_another_password_is_another_request_and_no_password_is_kept_for_it() {
        Http anonymous = TestIngest.shared().anonymous().header("Idempotency-Key", key);
        String body = People.registration(People.freshEmail());
        anonymous.post("/auth/register", body);

        Http.Answer other = anonymous.post("/auth/register", body.replace(People.PASSWORD, "another password"));

        assertThat(other.status()).isEqualTo(422);
        assertThat(TestPostgres.shared().column("select k::text from idempotency_keys k where key = ?", key))
                .singleElement()
                .asString()
                .doesNotContain(People.PASSWORD);
    }

    @Test
    void two_people_may_use_the_same_key() {
        UUID other = UUID.randomUUID();
        keyed.post("/posts", POST);

        Http.Answer answer = TestIngest.shared()
                .with(TestKeys.shared().person(other))
                .header("Idempotency-Key", key)
                .post("/posts", POST);

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body().path("author_id").asText()).isEqualTo(other.toString());
        assertThat(answer.header("Idempotency-Replayed")).isEmpty();
    }

    @Test
    void two_who_register_may_use_the_same_key() {
        Http anonymous = TestIngest.shared().anonymous().header("Idempotency-Key", key);
        String one = People.freshEmail();
        String other = People.freshEmail();
        Http.Answer first = anonymous.post("/auth/register", People.registration(one));

        Http.Answer second = anonymous.post("/auth/register", People.registration(other));

        assertThat(first.status()).isEqualTo(201);
        assertThat(second.status()).isEqualTo(201);
        assertThat(second.body().path("email").asText()).isEqualTo(other);
        assertThat(second.header("Idempotency-Replayed")).isEmpty();
    }

    @Test
    void two_callers_without_a_token_may_use_the_same_key_for_the_same_request() {
        Map<String, Object> behindProxy =
                Map.of("tailrace.metrics.open", true, "tailrace.limits.trusted-proxies", "127.0.0.1");
        try (TestIngest server = TestIngest.start(behindProxy)) {
            Http anonymous = server.anonymous().header("Idempotency-Key", key);
            Http one = anonymous.header("X-Forwarded-For", "192.0.2.1");
            Http other = anonymous.header("X-Forwarded-For", "192.0.2.2");
            Http.Answer first = one.post("/metrics", "{\"name\": \"cpu\"}");

            Http.Answer second = other.post("/metrics", "{\"name\": \"cpu\"}");

            assertThat(first.status()).isEqualTo(201);
            assertThat(second.status()).isEqualTo(201);
            assertThat(second.body().path("id")).isNotEqualTo(first.body().path("id"));
            assertThat(one.post("/metrics", "{\"name\": \"cpu\"}").body()).isEqualTo(first.body());
        }
    }

    @Test
    void of_many_at_once_one_has_an_effect_and_the_others_get_its_answer_or_409() throws Exception {
        Callable<Http.Answer> post = () -> keyed.post("/posts", POST);
        List<Http.Answer> answers = new ArrayList<>();

        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Http.Answer> future : threads.invokeAll(Collections.nCopies(16, post))) {
                answers.add(future.get());
            }
        }

        assertThat(answers).allMatch(answer -> answer.status() == 201 || answer.status() == 409);
        assertThat(answers).filteredOn(answer -> answer.status() == 409).allMatch(answer -> answer.header("Retry-After")
                .equals("1"));
        assertThat(answers.stream()
                        .filter(answer -> answer.status() == 201)
                        .map(answer -> answer.body().path("id").asText())
                        .distinct())
                .hasSize(1);
        assertThat(posts()).hasSize(1);
    }

    @Test
    void a_refusal_is_not_kept() throws Exception {
        http.post("/metrics", "{\"name\": \"cpu\"}");
        Projections.copyMetrics();

        Http.Answer unknown =
                keyed.post("/metrics/readings", "{\"metric_id\": \"" + UUID.randomUUID() + "\", \"value\": 1}");
        Http.Answer accepted = keyed.post("/posts", POST);

        assertThat(unknown.status()).isEqualTo(404);
        assertThat(accepted.status()).isEqualTo(201);
    }

    @ParameterizedTest
    @ValueSource(strings = {"two words", "\t", "a\tb"})
    void what_is_not_a_key_is_400(String bad) {
        assertThat(http.header("Idempotency-Key", bad).post("/posts", POST).status())
                .isEqualTo(400);
    }

    @Test
    void a_key_of_255_characters_is_one_and_a_longer_is_not() {
        assertThat(http.header("Idempotency-Key", "k".repeat(255))
                        .post("/posts", POST)
                        .status())
                .isEqualTo(201);
        assertThat(http.header("Idempotency-Key", "k".repeat(256))
                        .post("/posts", POST)
                        .status())
                .isEqualTo(400);
    }

    @Test
    void a_key_can_be_used_anew_when_its_time_is_over() {
        keyed.post("/posts", POST);
        TestPostgres.shared()
                .update("update idempotency_keys set expires_at = now() - interval '1 second' where key = ?", key);

        Http.Answer answer = keyed.post("/posts", "{\"text\": \"another\"}");

        assertThat(answer.status()).isEqualTo(201);
        assertThat(posts()).hasSize(2);
    }

    @Test
    void a_request_without_a_key_does_not_touch_postgresql() {
        try (TestIngest server = TestIngest.start(Map.of("tailrace.postgres.url", "jdbc:postgresql://127.0.0.1:1/x"))) {
            Http.Answer answer = server.with(TestKeys.shared().person(author)).post("/posts", POST);

            assertThat(answer.status()).isEqualTo(201);
        }
    }

    private static Http.Answer assertReplayed(Callable<Http.Answer> request) {
        try {
            Http.Answer first = request.call();
            Http.Answer again = request.call();
            assertThat(first.status()).isBetween(200, 204);
            assertThat(again.status()).isEqualTo(first.status());
            assertThat(again.body()).isEqualTo(first.body());
            assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
            return first;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private List<TestLog.Logged> posts() {
        return TestLog.events(Topics.POSTS, author.toString());
    }
}
