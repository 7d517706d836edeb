package io.tailrace.workers.answer;

import static io.tailrace.workers.answer.ProviderStandIn.body;
import static io.tailrace.workers.answer.ProviderStandIn.chunk;
import static io.tailrace.workers.answer.ProviderStandIn.cut;
import static io.tailrace.workers.answer.ProviderStandIn.data;
import static io.tailrace.workers.answer.ProviderStandIn.done;
import static io.tailrace.workers.answer.ProviderStandIn.finish;
import static io.tailrace.workers.answer.ProviderStandIn.status;
import static io.tailrace.workers.answer.ProviderStandIn.text;
import static io.tailrace.workers.answer.ProviderStandIn.usage;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.backends.Eventually;
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
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of an answer, with a stand-in that has the faults of providers. The log is Kafka's own double of a producer; {@link AnswerJobsTest} has a real one. */
@Timeout(120)
@Tag("server")
class AnswerHandlerTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String WORDS = "\u0416\u0443\u043a, \u4e16\u754c, \ud83d\ude00 and \"quotes\"\n";

    private final UUID owner = UUID.randomUUID();
    private final UUID id = UUID.randomUUID();
    private final MockProducer<byte[], byte[]> log = log();
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

    private static MockProducer<byte[], byte[]> log() {
        return new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private AnswerHandler handler(AnswersSettings settings) {
        return TestAnswers.handler(http, settings, TestAnswers.MODELS.formatted(provider.url(), provider.url()), log);
    }

    private AnswerResult answer(String model) throws Exception {
        return handler(TestAnswers.settings(LONG, LONG)).run(TestAnswers.ask(owner, model), FakeJob.of(id, 1));
    }

    private JobFailure failure(String model, int attempt, AnswersSettings settings) {
        return catchThrowableOfType(
                JobFailure.class, () -> handler(settings).run(TestAnswers.ask(owner, model), FakeJob.of(id, attempt)));
    }

    private JobFailure failure(String model, int attempt) {
        return failure(model, attempt, TestAnswers.settings(LONG, LONG));
    }

    private List<Told> told() {
        return AnswerEventsRead.of(log.history());
    }

    private List<String> types() {
        return told().stream().map(Told::type).toList();
    }

    @Test
    void tokensAreEventsOfTheChannelAndTheResultHasAllOfThem() throws Exception {
        provider.next(body(text("Fine, ") + text("thanks.") + finish("stop") + usage(12, 3) + done(), 1_000));

        AnswerResult result = answer("plain");

        List<Told> told = told();
        assertThat(told.getFirst().type()).isEqualTo("answer_started");
        assertThat(told.getFirst().data().toString()).isEqualTo("{\"attempt\":1,\"seq\":0,\"model\":\"plain\"}");
        assertThat(AnswerEventsRead.text(told, 1)).isEqualTo("Fine, thanks.");
        assertThat(told.reversed().subList(0, 2))
                .extracting(Told::type)
                .containsExactly("answer_completed", "answer_usage");
        assertThat(told.getLast().data().path("finish_reason").asText()).isEqualTo("stop");
        assertThat(told.getLast().data().path("usage").toString())
                .isEqualTo("{\"input_tokens\":12,\"output_tokens\":3,\"total_tokens\":15,\"cost\":0.000054}");
        assertThat(told)
                .extracting(event -> event.data().path("seq").asInt())
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(told).extracting(Told::id).doesNotHaveDuplicates();
        assertThat(result.text()).isEqualTo("Fine, thanks.");
        assertThat(provider.asked).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 64})
    void theTextIsTheSameWhereverItsBytesAreCut(int chunk) throws Exception {
        provider.next(body(
                text(WORDS)
                        + chunk(Map.of("content", "\ud83d"), null)
                        + chunk(Map.of("content", "\ude80"), null)
                        + finish("stop")
                        + done(),
                chunk));

        assertThat(answer("plain").text()).isEqualTo(WORDS + "\ud83d\ude80");
        assertThat(AnswerEventsRead.text(told(), 1)).isEqualTo(WORDS + "\ud83d\ude80");
    }

    @Test
    void reasoningAndCallsOfToolsAreEventsOfTheirOwn() throws Exception {
        provider.next(body(
                chunk(Map.of("reasoning_content", "Hm."), null)
                        + text("Let me see.")
                        + chunk(
                                Map.of(
                                        "tool_calls",
                                        List.of(Map.of(
                                                "index",
                                                0,
                                                "id",
                                                "c1",
                                                "function",
                                                Map.of("name", "look", "arguments", "{\"a\":")))),
                                null)
                        + chunk(
                                Map.of(
                                        "tool_calls",
                                        List.of(Map.of("index", 0, "function", Map.of("arguments", "1}")))),
                                null)
                        + finish("tool_calls")
                        + done(),
                1_000));

        AnswerResult result = answer("plain");

        assertThat(types())
                .containsExactly(
                        "answer_started", "answer_reasoning", "answer_delta", "answer_tool_call", "answer_completed");
        assertThat(told().get(3).data().toString())
                .isEqualTo(
                        "{\"attempt\":1,\"seq\":3,\"index\":0,\"id\":\"c1\",\"name\":\"look\",\"arguments\":\"{\\\"a\\\":1}\"}");
        assertThat(result.text()).isEqualTo("Let me see.");
        assertThat(result.usage()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"429, 7, 7", "429, 999999, 60", "503, 2, 2"})
    void aProviderThatWantsToBeLeftAloneIsAskedAgainLater(int status, String retryAfter, long seconds) {
        provider.next(status(status, "Retry-After", retryAfter));

        JobFailure failure = failure("plain", 1);

        assertThat(failure.type()).isEqualTo("provider_" + status);
        assertThat(failure.isFinal()).isFalse();
        assertThat(failure.retryAfter()).isEqualTo(Duration.ofSeconds(seconds));
        assertThat(types()).containsExactly("answer_started");
    }

    private static Stream<List<Object>> passing() {
        return Stream.of(
                List.of("provider_500", status(500)),
                List.of("provider_429", status(429)),
                List.of("provider_broken", cut("")),
                List.of("provider_broken", cut("data: {\"choices\":[{\"del")),
                List.of("provider_incomplete", body("", 1)),
                List.of("provider_incomplete", body("{\"choices\": []}", 100)),
                List.of("provider_malformed", body(data("{\"choices\":["), 100)),
                List.of("provider_failed", body(data("{\"error\":{\"message\":\"overloaded\"}}"), 100)));
    }

    @ParameterizedTest
    @MethodSource("passing")
    void whatFailsBeforeTheFirstTokenIsTriedAgainUntilItsAttemptsAreOver(List<Object> fault) {
        ProviderStandIn.Script script = (ProviderStandIn.Script) fault.getLast();
        provider.next(script);
        JobFailure first = failure("plain", 1);
        assertThat(types()).containsExactly("answer_started");
        provider.next(script);
        JobFailure last = failure("plain", 3);

        assertThat(first.type()).isEqualTo(fault.getFirst());
        assertThat(first.isFinal()).isFalse();
        assertThat(last.type()).isEqualTo(fault.getFirst());
        assertThat(last.isFinal()).isTrue();
        assertThat(types()).containsExactly("answer_started", "answer_started", "answer_failed");
        assertThat(told().getLast().data().path("reason").asText()).isEqualTo(fault.getFirst());
        assertThat(told().getLast().data().path("attempt").asInt()).isEqualTo(3);
    }

    private static Stream<List<Object>> brokenOff() {
        return Stream.of(
                List.of("provider_broken", cut(text("Fine"))),
                List.of("provider_incomplete", body(text("Fine"), 100)),
                List.of("provider_malformed", body(text("Fine") + data("{"), 100)),
                List.of("provider_failed", body(text("Fine") + data("{\"error\":\"gone\"}"), 100)));
    }

    @ParameterizedTest
    @MethodSource("brokenOff")
    void whatFailsBehindTheFirstTokenIsNotTriedAgain(List<Object> fault) {
        provider.next((ProviderStandIn.Script) fault.getLast());

        JobFailure failure = failure("backed", 1);

        assertThat(failure.type()).isEqualTo(fault.getFirst());
        assertThat(failure.isFinal()).isTrue();
        assertThat(types()).containsExactly("answer_started", "answer_delta", "answer_failed");
        assertThat(provider.asked).as("the fallback is not asked").hasSize(1);
    }

    @Test
    void commentsGiveAProviderNoMoreTimeForItsFirstToken() {
        provider.next(provider.hanging(chunk(Map.of("role", "assistant"), null)));

        JobFailure failure = failure("plain", 1, TestAnswers.settings(Duration.ofSeconds(1), LONG));

        assertThat(failure.type()).isEqualTo("provider_timed_out");
        assertThat(failure.isFinal()).isFalse();
        Eventually.holds("the provider is left", () -> provider.left.get() == 1);
    }

    @Test
    void commentsGiveAProviderNoMoreTimeForItsNextToken() {
        provider.next(provider.hanging(text("Fine")));

        JobFailure failure = failure("plain", 1, TestAnswers.settings(LONG, Duration.ofMillis(300)));

        assertThat(failure.type()).isEqualTo("provider_timed_out");
        assertThat(failure.isFinal()).isTrue();
        assertThat(types()).containsExactly("answer_started", "answer_delta", "answer_failed");
        Eventually.holds("the provider is left", () -> provider.left.get() == 1);
    }

    @Test
    void anAnswerWhoseReasonToEndIsKnownIsWholeWithoutAnEnd() throws Exception {
        provider.next(body(text("Fine") + finish("length"), 100));
        assertThat(answer("plain").finishReason()).isEqualTo("length");
        provider.next(body(text("Fine") + done(), 100));
        assertThat(answer("plain").finishReason()).isEqualTo("unknown");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 422})
    void aRefusalIsFinalAndDoesNotRepeatTheKey(int status) {
        provider.next(status(status));

        JobFailure failure = failure("plain", 1);

        assertThat(failure.type()).isEqualTo("provider_" + status);
        assertThat(failure.isFinal()).isTrue();
        assertThat(failure).hasMessageContaining("REDACTED").hasMessageNotContaining(ProviderStandIn.KEY);
        assertThat(told().getLast().data().toString()).contains("REDACTED").doesNotContain(ProviderStandIn.KEY);
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void whatAProviderSaysOfTheKeyIsNotForWhoeverAsked(int status) {
        provider.next(status(status));

        JobFailure failure = failure("plain", 1);

        assertThat(failure.isFinal()).isTrue();
        assertThat(failure).hasMessage("The provider refused the key of this installation");
    }

    @Test
    void anErrorInTheStreamDoesNotRepeatTheKey() {
        provider.next(body(data("{\"error\":{\"message\":\"bad key " + ProviderStandIn.KEY + "\"}}"), 100));

        assertThat(failure("plain", 3)).hasMessageContaining("REDACTED").hasMessageNotContaining(ProviderStandIn.KEY);
        assertThat(told().toString()).doesNotContain(ProviderStandIn.KEY);
    }

    @Test
    void whatComesBehindTheReasonToEndChangesNothing() throws Exception {
        provider.next(body(text("Fine") + finish("stop") + data("{"), 100));
        assertThat(answer("plain").text()).isEqualTo("Fine");
        provider.next(provider.hanging(text("Fine") + finish("stop")));
        assertThat(answer("plain").text()).isEqualTo("Fine");
    }

    @Test
    void aFallbackIsAskedWhereAModelGivesNoFirstToken() throws Exception {
        provider.next(status(503));
        provider.next(body(text("Fine") + finish("stop") + done(), 100));

        AnswerResult result = answer("backed");

        assertThat(result.model()).isEqualTo("spare");
        assertThat(provider.asked)
                .extracting(asked -> asked.path("model").asText())
                .containsExactly("stand-in-1", "stand-in-2");
        assertThat(told().getFirst().data().path("model").asText()).isEqualTo("backed");
        assertThat(told().getLast().data().path("model").asText()).isEqualTo("spare");
    }

    @Test
    void aModelThatIsGoneAndAProviderWithoutAKeyAreSaidSo() {
        assertThat(failure("gone", 1)).hasMessageContaining("gone").matches(it -> ((JobFailure) it).isFinal());
        JobFailure keyless = failure("keyless", 1);

        assertThat(keyless.type()).isEqualTo("not_configured");
        assertThat(keyless).hasMessageNotContaining("NO_KEY");
        assertThat(keyless.isFinal()).isTrue();
        assertThat(types()).containsExactly("answer_started", "answer_failed", "answer_started", "answer_failed");
        assertThat(provider.asked).isEmpty();
    }

    @Test
    void workersThatVanishAgainAndAgainEndTheAnswer() {
        JobFailure failure = failure("plain", 4);

        assertThat(failure.type()).isEqualTo("attempts_exhausted");
        assertThat(failure.isFinal()).isTrue();
        assertThat(provider.asked).isEmpty();
        assertThat(types()).containsExactly("answer_started", "answer_failed");
    }

    @Test
    void anAnswerThatIsTooLongFails() {
        provider.next(body(text("x".repeat(60_000)) + text("x".repeat(60_000)), 100_000));

        JobFailure failure = failure("plain", 1);

        assertThat(failure.type()).isEqualTo("answer_too_long");
        assertThat(failure.isFinal()).isTrue();
    }

    @Test
    void aLongTextIsOnTheChannelAndNotInTheResult() throws Exception {
        String text = "\ud83d\ude00".repeat(16_000);
        provider.next(body(text(text) + finish("stop") + done(), 8_000));

        assertThat(answer("plain").text()).isNull();
        assertThat(AnswerEventsRead.text(told(), 1)).isEqualTo(text);
    }

    @Test
    void anAnswerThatTheLogDoesNotTakeIsTriedAgain() {
        log.sendException = new TimeoutException("the brokers are away");
        provider.next(body(text("Fine") + finish("stop") + done(), 100));

        JobFailure failure = failure("plain", 1);

        assertThat(failure.type()).isEqualTo("log_unavailable");
        assertThat(failure.isFinal()).isFalse();
    }

    @Test
    void theKeyIsInNoLogLine() throws Exception {
        List<String> lines = LogLines.during(() -> {
            provider.next(body(text("Fine") + finish("stop") + done(), 100));
            var unusedAnswer = answer("plain");
            provider.next(status(500));
            var unusedFailure = failure("plain", 1);
        });

        assertThat(lines)
                .anyMatch(line -> line.contains("curl") && line.contains("Authorization: REDACTED"))
                .noneMatch(line -> line.contains(ProviderStandIn.KEY));
    }
}
