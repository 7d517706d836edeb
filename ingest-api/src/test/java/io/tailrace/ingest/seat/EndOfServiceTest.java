package io.tailrace.ingest.seat;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.IngestProcess;
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

/** A service that is told to end while somebody waits for a decision. */
@Tag("server")
class EndOfServiceTest {
    private final TestDecider decider = TestDecider.shared();
    private final UUID show = TestShows.offer();

    @AfterEach
    void goOn() {
        decider.goOn();
    }

    @Test
    void who_waits_for_a_decision_is_told_that_it_is_not_made_yet_and_finds_it_later() throws Exception {
        decider.holdBack();
        String token = TestKeys.shared().person(UUID.randomUUID());
        String path = "/shows/" + show + "/reservations";
        String key = UUID.randomUUID().toString();
        try (IngestProcess process = new IngestProcess(Map.of("tailrace.metrics.open", true));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Http waiting = process.with(token).header("Prefer", "wait=30").header("Idempotency-Key", key);
            Future<Http.Answer> answer = threads.submit(() -> waiting.post(path, TestShows.body("A-1-1")));
            Eventually.holds(
                    "it waits", () -> process.anonymous().text("/prometheus").contains("tailrace_seats_waiting 1.0"));

            process.terminate();

            assertThat(answer.get().status()).isEqualTo(202);
            assertThat(answer.get().header("Location"))
                    .isEqualTo("/reservations/" + answer.get().body().path("id").asText());
        }
        decider.goOn();
        Http.Answer later = TestIngest.shared()
                .with(token)
                .header("Prefer", "wait=30")
                .header("Idempotency-Key", key)
                .post(path, TestShows.body("A-1-1"));
        assertThat(later.status()).isEqualTo(201);
    }
}
