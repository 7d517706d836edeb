package io.tailrace.workers.answer;

import static io.tailrace.workers.answer.ProviderStandIn.body;
import static io.tailrace.workers.answer.ProviderStandIn.done;
import static io.tailrace.workers.answer.ProviderStandIn.finish;
import static io.tailrace.workers.answer.ProviderStandIn.status;
import static io.tailrace.workers.answer.ProviderStandIn.text;
import static io.tailrace.workers.answer.ProviderStandIn.usage;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.backends.Eventually;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.kit.job.runtime.Workers;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers as jobs, with the dispatcher's decisions, real workers and a real broker. */
@Timeout(300)
@Tag("server")
class AnswerJobsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    private final UUID owner = UUID.randomUUID();
    private final TestWorkers workers = new TestWorkers();
    private final TestJobs jobs = new TestJobs();
    private ProviderStandIn provider;
    private OutboundHttp http;

    @BeforeEach
    void start() throws Exception {
        var unused = TestDispatcher.shared();
        provider = new ProviderStandIn();
        http = TestHttp.client(new SimpleMeterRegistry());
    }

    @AfterEach
    void stop() {
        workers.close();
        jobs.close();
        http.close();
        provider.close();
    }

    private AnswerHandler handler() {
        return TestAnswers.handler(
                http, TestAnswers.settings(LONG, LONG), TestAnswers.MODELS.formatted(provider.url(), provider.url()));
    }

    private UUID enqueue() throws Exception {
        return jobs.enqueue(TestJobs.spec("answer", 20, 60), TestAnswers.payload(owner));
    }

    private List<Told> told(UUID answer) {
        return AnswerEventsRead.of(owner, answer);
    }

    private void awaitText(UUID answer, int attempt, String text) {
        Eventually.holds(
                () -> "attempt " + attempt + " has said " + text + ": " + told(answer),
                () -> AnswerEventsRead.text(told(answer), attempt).equals(text));
    }

    @Test
    void anAnswerIsTriedAgainUntilItsFirstTokenAndItsResultIsThatOfTheJob() throws Exception {
        var unused = workers.type("answer").start(handler());
        provider.next(status(503));
        provider.next(body(text("Fine, ") + text("thanks.") + finish("stop") + usage(1, 2) + done(), 7));

        UUID answer = enqueue();

        Object result = jobs.await(answer, JobEvents.JOB_SUCCEEDED).result();
        assertThat(Json.mapper().valueToTree(result).toString())
                .isEqualTo("{\"model\":\"plain\",\"finish_reason\":\"stop\",\"text\":\"Fine, thanks.\",\"usage\":"
                        + "{\"input_tokens\":1,\"output_tokens\":2,\"total_tokens\":3,\"cost\":0.000022}}");
        assertThat(told(answer))
                .filteredOn(event -> event.type().equals("answer_started"))
                .extracting(event -> event.data().path("attempt").asInt())
                .containsExactly(1, 2);
        assertThat(AnswerEventsRead.text(told(answer), 1)).isEmpty();
        assertThat(AnswerEventsRead.text(told(answer), 2)).isEqualTo("Fine, thanks.");
    }

    @Test
    void aCancelledAnswerLeavesItsProviderAndNothingIsSaidAfterIt() throws Exception {
        var unused = workers.type("answer").start(handler());
        provider.next(provider.hanging(text("Well")));
        UUID answer = enqueue();
        awaitText(answer, 1, "Well");

        jobs.cancel(answer);

        Eventually.holds("the provider is left", () -> provider.left.get() == 1);
        Eventually.holds(
                () -> "it is said: " + told(answer),
                () -> told(answer).getLast().type().equals("answer_cancelled"));
        assertThat(told(answer).getLast().id()).isEqualTo(answer + ".cancelled");
        var unusedEnd = jobs.await(answer, JobEvents.JOB_CANCELLED);
        assertThat(told(answer).getLast().type()).isEqualTo("answer_cancelled");
    }

    @Test
    void anAnswerWhoseWorkerStopsBeginsAnewAndSaysSoBeforeItsFirstToken() throws Exception {
        Workers first = workers.type("answer").stopGrace(Duration.ZERO).start(handler());
        provider.next(provider.hanging(text("Well, it ")));
        UUID answer = enqueue();
        awaitText(answer, 1, "Well, it ");
        provider.next(body(text("Well, I am fine.") + finish("stop") + done(), 5));

        first.close();
        var unused = workers.start(handler());

        var unusedEnd = jobs.await(answer, JobEvents.JOB_SUCCEEDED);
        List<Told> told = told(answer);
        int again = told.stream()
                .filter(event -> event.type().equals("answer_started"))
                .map(told::indexOf)
                .toList()
                .getLast();
        int attempt = told.get(again).data().path("attempt").asInt();
        assertThat(attempt).isGreaterThan(1);
        assertThat(told.subList(again, told.size()))
                .allSatisfy(event ->
                        assertThat(event.data().path("attempt").asInt()).isEqualTo(attempt));
        assertThat(AnswerEventsRead.text(told.subList(again, told.size()), attempt))
                .isEqualTo("Well, I am fine.");
    }
}
