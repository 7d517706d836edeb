package io.tailrace.workers.answer;

import static io.tailrace.workers.answer.ProviderStandIn.done;
import static io.tailrace.workers.answer.ProviderStandIn.finish;
import static io.tailrace.workers.answer.ProviderStandIn.held;
import static io.tailrace.workers.answer.ProviderStandIn.text;
import static io.tailrace.workers.answer.ProviderStandIn.usage;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.backends.Eventually;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.outbound.OutboundHttp;
import io.tailrace.workers.answer.AnswerEventsRead.Told;
import io.tailrace.workers.testing.TestBroker;
import io.tailrace.workers.testing.TestDispatcher;
import io.tailrace.workers.testing.TestHttp;
import io.tailrace.workers.testing.TestJobs;
import io.tailrace.workers.testing.TestWorkers;
import io.tailrace.workers.testing.WorkerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An answer whose workers are processes of their own, of which one is killed and the next is frozen in the middle of it. */
@Timeout(300)
@Tag("server")
class AnswerKillTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int TOKENS = 500;

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
        workers.type("answer").expireSoon();
    }

    @AfterEach
    void stop() {
        workers.close();
        jobs.close();
        http.close();
        provider.close();
    }

    private WorkerProcess worker(Path folder) {
        return WorkerProcess.start(
                folder, AnswerWorker.class, TestBroker.shared().bootstrap(), workers.group(), provider.url());
    }

    private List<Told> told(UUID answer) {
        return AnswerEventsRead.of(owner, answer);
    }

    private static int attempt(Told event) {
        return event.data().path("attempt").asInt();
    }

    private void awaitText(UUID answer, String text, WorkerProcess worker) {
        Eventually.holds(
                () -> text + " is said: " + told(answer) + jobs.types(answer) + worker.output(),
                () -> told(answer).stream()
                        .anyMatch(event -> event.data().path("text").asText().startsWith(text)));
    }

    private static List<String> tokens() {
        return IntStream.range(0, TOKENS).mapToObj(n -> "слово " + n + " 🚀, ").toList();
    }

    private static String chunks(List<String> tokens) {
        return tokens.stream().map(ProviderStandIn::text).collect(Collectors.joining());
    }

    @Test
    void theLastAttemptHasAllOfTheAnswerWhateverBecameOfTheWorkersBeforeIt(@TempDir Path folder) throws Exception {
        String spoken = String.join("", tokens());
        CountDownLatch isFrozen = new CountDownLatch(1);
        CountDownLatch isThawed = new CountDownLatch(1);
        provider.next(provider.hanging(text("Killed")));
        provider.next(held(text("Frozen"), isFrozen, text(" and awake") + finish("stop") + usage(9, 9) + done()));
        provider.next(held(
                text("First ") + chunks(tokens().subList(0, TOKENS / 2)),
                isThawed,
                chunks(tokens().subList(TOKENS / 2, TOKENS)) + finish("stop") + usage(1, TOKENS) + done()));
        UUID answer = jobs.enqueue(TestJobs.spec("answer", 20, 120), TestAnswers.payload(owner));

        try (WorkerProcess first = worker(folder)) {
            awaitText(answer, "Killed", first);
            first.kill();
        }
        try (WorkerProcess second = worker(folder)) {
            awaitText(answer, "Frozen", second);
            second.freeze();
            // The rest waits at its socket for the time in which it goes on.
            isFrozen.countDown();
            var unused = workers.start(TestAnswers.handler(
                    http,
                    TestAnswers.settings(LONG, LONG),
                    TestAnswers.MODELS.formatted(provider.url(), provider.url())));
            awaitText(answer, "First ", second);
            second.thaw();
            // It ends its attempt before it ends itself, so that it has said what it says.
            assertThat(second.terminate()).as(second.output()).isEqualTo(143);
        }
        isThawed.countDown();

        Object result = jobs.await(answer, JobEvents.JOB_SUCCEEDED).result();
        JsonNode kept = Json.mapper().valueToTree(result);
        List<Told> told = told(answer);
        int last = told.stream().mapToInt(AnswerKillTest::attempt).max().orElseThrow();
        List<Told> whole = told.stream().filter(event -> attempt(event) == last).toList();
        assertThat(AnswerEventsRead.text(told, last).getBytes(UTF_8)).isEqualTo(("First " + spoken).getBytes(UTF_8));
        assertThat(kept.path("text").asText()).isEqualTo("First " + spoken);
        assertThat(kept.at("/usage/output_tokens").asInt()).isEqualTo(TOKENS);
        assertThat(whole)
                .extracting(event -> event.data().path("seq").asInt())
                .containsExactlyElementsOf(
                        IntStream.range(0, whole.size()).boxed().toList());
        assertThat(whole.getLast().type()).isEqualTo("answer_completed");
        assertThat(attemptOf(told, "Killed")).isLessThan(attemptOf(told, "Frozen"));
        assertThat(attemptOf(told, "Frozen")).isLessThan(last);
        Map<Integer, String> firstTypes =
                told.stream().collect(Collectors.toMap(AnswerKillTest::attempt, Told::type, (first, more) -> first));
        assertThat(firstTypes.values()).containsOnly("answer_started");
        assertThat(jobs.types(answer)).containsOnlyOnce(JobEvents.JOB_SUCCEEDED);
    }

    private static int attemptOf(List<Told> told, String text) {
        return told.stream()
                .filter(event -> event.data().path("text").asText().startsWith(text))
                .mapToInt(AnswerKillTest::attempt)
                .findFirst()
                .orElseThrow();
    }
}
