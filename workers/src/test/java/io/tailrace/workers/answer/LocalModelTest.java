package io.tailrace.workers.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.outbound.OutboundHttp;
import io.tailrace.workers.answer.AnswerEventsRead.Told;
import io.tailrace.workers.testing.TestDispatcher;
import io.tailrace.workers.testing.TestHttp;
import io.tailrace.workers.testing.TestJobs;
import io.tailrace.workers.testing.TestWorkers;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An answer of a real model, from the job to the channel. */
@Timeout(400)
@Tag("server")
class LocalModelTest {
    private static final Duration LONG = Duration.ofSeconds(120);

    @Test
    void aRealModelAnswersAndItsTokensAreEventsOfTheChannel() throws Exception {
        var unusedDispatcher = TestDispatcher.shared();
        UUID owner = UUID.randomUUID();
        try (LocalModel model = LocalModel.start();
                OutboundHttp http = TestHttp.client(new SimpleMeterRegistry());
                TestWorkers workers = new TestWorkers();
                TestJobs jobs = new TestJobs()) {
            String models = "provider.local.protocol=openai\nprovider.local.url=" + model.url()
                    + "\nmodel.plain.provider=local\n";
            var unusedWorkers =
                    workers.type("answer").start(TestAnswers.handler(http, TestAnswers.settings(LONG, LONG), models));

            UUID answer = jobs.enqueue(TestJobs.spec("answer", 20, 300), TestAnswers.payload(owner));

            JsonNode result = Json.mapper()
                    .valueToTree(jobs.await(answer, JobEvents.JOB_SUCCEEDED).result());
            List<Told> told = AnswerEventsRead.of(owner, answer);
            assertThat(result.path("text").asText()).isNotBlank().isEqualTo(AnswerEventsRead.text(told, 1));
            assertThat(result.at("/usage/output_tokens").asInt()).isBetween(1, 64);
            assertThat(result.path("finish_reason").asText()).isIn("stop", "length");
            assertThat(told)
                    .filteredOn(event -> event.type().equals("answer_delta"))
                    .as("it comes in pieces")
                    .hasSizeGreaterThan(1);
            assertThat(told.getLast().type()).isEqualTo("answer_completed");
        }
    }
}
