package io.tailrace.ingest.seat;

import static io.tailrace.ingest.seat.TestShows.body;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.tailrace.backends.Eventually;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.TestBroker;
import io.tailrace.ingest.testing.TestDecider;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestKeys;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class UndecidedTest {
    private final TestDecider decider = TestDecider.shared();
    private final UUID show = TestShows.offer();
    private final String path = "/shows/" + show + "/reservations";
    private final UUID person = UUID.randomUUID();
    private final Http http = TestIngest.shared().with(TestKeys.shared().person(person));

    @AfterEach
    void goOn() {
        decider.goOn();
    }

    @Test
    void what_is_not_decided_in_time_is_202_with_the_place_where_the_outcome_will_be() {
        decider.holdBack();

        Http.Answer answer = http.header("Prefer", "wait=0").post(path, body("A-1-1"));

        assertThat(answer.status()).isEqualTo(202);
        String id = answer.body().path("id").asText();
        assertThat(answer.header("Location")).isEqualTo("/reservations/" + id);
        assertThat(answer.header("Preference-Applied")).isEqualTo("wait=0");
        assertThat(answer.body().path("state").asText()).isEqualTo("pending");
        assertThat(answer.body().path("channel").asText()).isEqualTo("user:" + person);
        assertThat(answer.body().has("expires_at")).isFalse();
    }

    @Test
    void the_same_key_gets_the_decision_later() {
        decider.holdBack();
        Http keyed = http.header("Idempotency-Key", UUID.randomUUID().toString());
        Http.Answer pending = keyed.header("Prefer", "wait=0").post(path, body("A-1-1"));

        decider.goOn();
        Http.Answer answer = keyed.header("Prefer", "wait=30").post(path, body("A-1-1"));

        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.body().path("id")).isEqualTo(pending.body().path("id"));
        assertThat(answer.header("Preference-Applied")).isEqualTo("wait=30");
    }

    @Test
    void a_step_that_is_not_decided_in_time_is_202_too() {
        String reservation = "/reservations/"
                + http.post(path, body("A-1-1")).body().path("id").asText();
        decider.holdBack();

        Http.Answer answer = http.header("Prefer", "respond-async").send("POST", reservation + "/confirm", null);

        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.header("Location")).isEqualTo(reservation);
        assertThat(answer.header("Preference-Applied")).isEqualTo("respond-async");
    }

    @Test
    void a_decision_that_comes_within_the_wait_is_the_answer_also_across_a_restart_of_the_broker() throws Exception {
        decider.holdBack();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Http.Answer> answer =
                    threads.submit(() -> http.header("Prefer", "wait=30").post(path, body("A-1-1")));
            Eventually.holds("it waits", () -> waiting(TestIngest.shared()) == 1);

            TestBroker.shared().stop();
            TestBroker.shared().start();
            boolean early = answer.isDone();
            decider.goOn();

            assertThat(early).isFalse();
            assertThat(answer.get().status()).isEqualTo(201);
            // The answer leaves a moment before its place is given back.
            Eventually.holds("nobody waits", () -> waiting(TestIngest.shared()) == 0);
        }
    }

    @Test
    void one_more_than_may_wait_is_503_at_once_and_leaves_no_command() throws Exception {
        decider.holdBack();
        try (TestIngest small = TestIngest.start(Map.of("tailrace.seats.max-waiting", 1));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Http first = small.with(TestKeys.shared().person(person)).header("Prefer", "wait=30");
            Http second = small.with(TestKeys.shared().person(UUID.randomUUID()));
            Future<Http.Answer> answer = threads.submit(() -> first.post(path, body("A-1-1")));
            Eventually.holds("it waits", () -> waiting(small) == 1);

            Http.Answer refused = second.post(path, body("A-1-2"));

            assertThat(refused.status()).isEqualTo(503);
            assertThat(refused.header("Retry-After")).isEqualTo("1");
            assertThat(small.bean(MeterRegistry.class)
                            .get("tailrace.seats.waiting.refused")
                            .counter()
                            .count())
                    .isEqualTo(1);
            decider.goOn();
            assertThat(answer.get().status()).isEqualTo(201);
            assertThat(second.post(path, body("A-1-2")).status()).isEqualTo(201);
        }
    }

    private static double waiting(TestIngest server) {
        return server.bean(MeterRegistry.class)
                .get("tailrace.seats.waiting")
                .gauge()
                .value();
    }
}
