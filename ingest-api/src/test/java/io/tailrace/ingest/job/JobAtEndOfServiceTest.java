package io.tailrace.ingest.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.ingest.testing.Http;
import io.tailrace.ingest.testing.IngestProcess;
import io.tailrace.ingest.testing.TestIngest;
import io.tailrace.ingest.testing.TestJobDecider;
import io.tailrace.ingest.testing.TestKeys;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A service that is told to end while somebody waits for a job to be accepted. */
@Tag("server")
class JobAtEndOfServiceTest {
    private static final String JOB =
            "{\"type\": \"email\", \"payload\": {\"to\": \"ada@example.org\", \"subject\": \"Hello\", \"text\":"
                    + " \"Hi\"}}";

    private final TestJobDecider decider = TestJobDecider.shared();

    @AfterEach
    void goOn() {
        decider.goOn();
    }

    @Test
    void who_waits_for_a_job_is_told_that_it_is_not_decided_yet_and_finds_it_later() throws Exception {
        decider.holdBack();
        String token = TestKeys.shared().operator();
        String key = UUID.randomUUID().toString();
        Http.Answer told;
        try (IngestProcess process = new IngestProcess(Map.of("tailrace.metrics.open", true));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Http waiting = process.with(token).header("Prefer", "wait=30").header("Idempotency-Key", key);
            Future<Http.Answer> answer = threads.submit(() -> waiting.post("/jobs", JOB));
            Eventually.holds(
                    "it waits", () -> process.anonymous().text("/prometheus").contains("tailrace_jobs_waiting 1.0"));

            process.terminate();

            told = answer.get();
            assertThat(told.status()).isEqualTo(202);
        }
        decider.goOn();
        Http.Answer later = TestIngest.shared()
                .with(token)
                .header("Prefer", "wait=30")
                .header("Idempotency-Key", key)
                .post("/jobs", JOB);
        assertThat(later.status()).isEqualTo(201);
        assertThat("/jobs/" + later.body().path("id").asText()).isEqualTo(told.header("Location"));
    }
}
