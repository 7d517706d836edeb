package io.tailrace.workers.answer;

import static io.tailrace.workers.answer.ProviderStandIn.body;
import static io.tailrace.workers.answer.ProviderStandIn.chunk;
import static io.tailrace.workers.answer.ProviderStandIn.done;
import static io.tailrace.workers.answer.ProviderStandIn.finish;
import static io.tailrace.workers.answer.ProviderStandIn.plain;
import static io.tailrace.workers.answer.ProviderStandIn.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.kit.answer.AnswersSettings;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.testing.FakeJob;
import io.tailrace.kit.outbound.OutboundHttp;
import io.tailrace.workers.answer.AnswerEventsRead.Told;
import io.tailrace.workers.testing.TestHttp;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What bounds an answer, and what is said of one that comes to a bound. */
@Timeout(120)
@Tag("server")
class AnswerLimitsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final AnswersSettings PATIENT = TestAnswers.settings(LONG, LONG);
    private static final AnswersSettings SHORT = TestAnswers.settings(LONG, LONG, Duration.ofMillis(300));

    private final UUID owner = UUID.randomUUID();
    private final UUID id = UUID.randomUUID();
    private final MockProducer<byte[], byte[]> log =
            new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    private ProviderStandIn provider;
    private OutboundHttp http;

    @BeforeEach
    void start() throws Exception {
        provider = new ProviderStandIn();
        http = TestHttp.client(new SimpleMeterRegistry());
    }

    @AfterEach
    void stop() {
        http.close();
        provider.close();
    }

    private AnswerResult run(String model, AnswersSettings settings, FakeJob job) throws Exception {
        return TestAnswers.handler(http, settings, TestAnswers.MODELS.formatted(provider.url(), provider.url()), log)
                .run(TestAnswers.ask(owner, model), job);
    }

    private JobFailure failure(String model, AnswersSettings settings) {
        return catchThrowableOfType(JobFailure.class, () -> run(model, settings, FakeJob.of(id, 1)));
    }

    private List<Told> told() {
        return AnswerEventsRead.of(log.history());
    }

    @Test
    void anAnswerThatTakesTooLongFailsThoughItsProviderGoesOn() {
        provider.next(provider.hanging(text("Fine")));

        JobFailure failure = failure("plain", SHORT);

        assertThat(failure.type()).isEqualTo("answer_took_too_long");
        assertThat(failure).hasMessageContaining("300 ms");
        assertThat(failure.isFinal()).isTrue();
        assertThat(told().getLast().type()).isEqualTo("answer_failed");
        assertThat(told().getLast().data().path("reason").asText()).isEqualTo("answer_took_too_long");
    }

    @Test
    void aFallbackIsNotAskedWhenTheTimeOfTheAnswerIsOver() {
        provider.next(provider.hanging(""));
        provider.next(body(text("Fine") + finish("stop") + done(), 100));

        JobFailure failure = failure("backed", SHORT);

        assertThat(failure.type()).isEqualTo("answer_took_too_long");
        assertThat(failure.isFinal()).isTrue();
        assertThat(provider.asked).hasSizeLessThan(2);
    }

    @Test
    void whatIsNoStreamIsToldInTheWordsOfTheProviderWithoutTheKey() {
        provider.next(plain(
                "application/json; charset=utf-8",
                "{\n\"error\": \"streams are not supported for " + ProviderStandIn.KEY + "\"\n}\n"));

        JobFailure failure = failure("plain", PATIENT);

        assertThat(failure.type()).isEqualTo("provider_no_stream");
        assertThat(failure.isFinal()).isTrue();
        assertThat(failure)
                .hasMessageContaining("streams are not supported for REDACTED")
                .hasMessageNotContaining(ProviderStandIn.KEY);
    }

    @Test
    void aStreamThatIsCalledSomethingElseIsReadAllTheSame() throws Exception {
        provider.next(plain("text/plain", text("Fine") + finish("stop") + done()));

        assertThat(run("plain", PATIENT, FakeJob.of(id, 1)).text()).isEqualTo("Fine");
    }

    @Test
    void anAnswerWithTooManyCallsOfToolsFailsThoughItIsComplete() {
        List<Map<String, Object>> calls = IntStream.rangeClosed(0, AnswerToolCalls.MOST)
                .mapToObj(index -> Map.<String, Object>of("index", index, "function", Map.of("name", "f")))
                .toList();
        provider.next(body(chunk(Map.of("tool_calls", calls), null) + finish("tool_calls") + done(), 1_000));

        JobFailure failure = failure("plain", PATIENT);

        assertThat(failure.type()).isEqualTo("answer_too_long");
        assertThat(failure.isFinal()).isTrue();
    }

    @Test
    void anEventThatIsTooLargeForTheLogIsNotTriedAgain() {
        log.sendException = new RecordTooLargeException("too large");
        provider.next(body(text("Fine") + finish("stop") + done(), 100));

        JobFailure failure = failure("plain", PATIENT);

        assertThat(failure.type()).isEqualTo("log_refused");
        assertThat(failure.isFinal()).isTrue();
    }

    @Test
    void anAttemptThatHasToStopWritesNothingAndHasNoResult() {
        provider.next(body(text("Fine") + finish("stop") + done(), 100));

        assertThatThrownBy(() -> run("plain", PATIENT, FakeJob.stopping(id, 1, 0)))
                .isInstanceOf(InterruptedException.class);
        assertThat(told()).isEmpty();
    }

    @Test
    void aModelIsAskedWithTheFieldThatItWants() throws Exception {
        provider.next(body(text("Fine") + finish("stop") + done(), 100));

        assertThat(run("thinking", PATIENT, FakeJob.of(id, 1)).text()).isEqualTo("Fine");

        assertThat(provider.asked.getFirst().path("max_completion_tokens").asInt())
                .isEqualTo(64);
    }

    @Test
    void halfACharacterIsTheSameInTheResultAsOnTheChannel() throws Exception {
        provider.next(body(chunk(Map.of("content", "a\ud83d"), null) + text("b") + finish("stop") + done(), 100));

        assertThat(run("plain", PATIENT, FakeJob.of(id, 1)).text()).isEqualTo("a\uFFFDb");
        assertThat(AnswerEventsRead.text(told(), 1)).isEqualTo("a\uFFFDb");
    }
}
