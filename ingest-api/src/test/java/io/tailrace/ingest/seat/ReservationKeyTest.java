package io.tailrace.ingest.seat;

import static io.tailrace.ingest.seat.TestShows.body;
import static io.tailrace.ingest.seat.TestShows.somebody;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class ReservationKeyTest {
    private final UUID show = TestShows.offer();
    private final String path = "/shows/" + show + "/reservations";
    private final String key = UUID.randomUUID().toString();
    private final UUID person = UUID.randomUUID();
    private final Http http = TestIngest.shared().with(TestKeys.shared().person(person));
    private final Http keyed = http.header("Idempotency-Key", key);

    @Test
    void a_hold_that_is_sent_again_with_its_key_gets_the_first_answer() {
        Http.Answer first = keyed.post(path, body("A-1-1"));
        Http.Answer again = keyed.post(path, body("A-1-1"));

        assertThat(first.status()).isEqualTo(201);
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    }

    @Test
    void so_does_one_that_reaches_another_server() {
        Http.Answer first = keyed.post(path, body("A-1-1"));

        try (TestIngest other = TestIngest.start(Map.of())) {
            Http.Answer again = other.with(TestKeys.shared().person(person))
                    .header("Idempotency-Key", key)
                    .post(path, body("A-1-1"));

            assertThat(again.status()).isEqualTo(201);
            assertThat(again.body()).isEqualTo(first.body());
        }
    }

    @Test
    void many_at_once_with_one_key_get_one_answer() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = threads.invokeAll(IntStream.range(0, 8)
                    .<java.util.concurrent.Callable<Http.Answer>>mapToObj(i -> () -> keyed.post(path, body("A-1-1")))
                    .toList());

            for (var answer : answers) {
                assertThat(answer.get().status()).isEqualTo(201);
                assertThat(answer.get().body())
                        .isEqualTo(answers.getFirst().get().body());
            }
        }
    }

    @Test
    void another_body_with_a_used_key_is_422_and_changes_nothing() {
        Http.Answer first = keyed.post(path, body("A-1-1"));

        for (String other :
                List.of(body("A-1-2"), body("A-1-1", "A-1-2"), "{\"seats\": [\"A-1-1\"], \"hold_seconds\": 30}")) {
            Http.Answer answer = keyed.post(path, other);
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.problem()).isEqualTo("idempotency-key-reused");
        }
        assertThat(keyed.post(path, body("A-1-1")).body()).isEqualTo(first.body());
    }

    @Test
    void a_refusal_is_given_again_too() {
        Http.Answer others = somebody().post(path, body("A-1-1"));
        Http.Answer refused = keyed.post(path, body("A-1-1"));
        assertThat(List.of(others.status(), refused.status())).containsExactly(201, 409);

        Http.Answer again = keyed.post(path, body("A-1-1"));

        assertThat(again.body()).isEqualTo(refused.body());
        assertThat(again.header("Idempotency-Replayed")).isEqualTo("true");
    }

    @Test
    void the_same_key_of_somebody_else_is_another_key() {
        keyed.post(path, body("A-1-1"));

        Http.Answer other = somebody().header("Idempotency-Key", key).post(path, body("A-1-2"));

        assertThat(other.status()).isEqualTo(201);
        assertThat(other.header("Idempotency-Replayed")).isEmpty();
    }

    @Test
    void steps_have_keys_too() {
        String reservation = "/reservations/"
                + keyed.post(path, body("A-1-1")).body().path("id").asText();

        Http.Answer confirmed = keyed.send("POST", reservation + "/confirm", null);
        Http.Answer again = keyed.send("POST", reservation + "/confirm", null);
        Http.Answer without = http.send("POST", reservation + "/confirm", null);

        assertThat(List.of(confirmed.status(), again.status(), without.status()))
                .containsExactly(200, 200, 409);
        assertThat(again.body()).isEqualTo(confirmed.body());
    }

    @Test
    void a_key_that_is_none_is_400() {
        assertThat(http.header("Idempotency-Key", "a b")
                        .post(path, body("A-1-1"))
                        .status())
                .isEqualTo(400);
    }
}
