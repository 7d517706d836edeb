package io.tailrace.workers.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.kit.answer.AnswerModel;
import io.tailrace.kit.answer.AnswerProtocol;
import io.tailrace.kit.answer.AnswerProvider;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.outbound.OutboundRequest;
import io.tailrace.workers.answer.AnswerPayload.Message;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProviderRequestTest {
    private static final AnswerPayload ASK = new AnswerPayload(
            UUID.randomUUID(),
            "m",
            List.of(
                    new Message("system", "Be short."),
                    new Message("user", "Why?"),
                    new Message("assistant", "Because."),
                    new Message("user", "Oh?")),
            500,
            new BigDecimal("0.5"),
            600);

    private static OutboundRequest request(AnswerProtocol protocol, @Nullable String key) {
        return request(protocol, key, AnswerModel.MAX_TOKENS, ASK);
    }

    private static OutboundRequest request(
            AnswerProtocol protocol, @Nullable String key, String tokenField, AnswerPayload ask) {
        AnswerModel model = new AnswerModel(
                "m",
                new AnswerProvider("p", protocol, "https://api.example.org/v1", null),
                "big-model",
                400,
                tokenField,
                null,
                null,
                List.of());
        return ProviderRequest.of(model, ask, key, Duration.ofMinutes(1));
    }

    private static JsonNode body(OutboundRequest request) throws IOException {
        return Json.mapper().readTree(Objects.requireNonNull(request.body()).bytes());
    }

    @Test
    void aChatCompletionIsAskedFor() throws IOException {
        OutboundRequest request = request(AnswerProtocol.OPENAI, "k-1");

        assertThat(request.url()).isEqualTo("https://api.example.org/v1/chat/completions");
        assertThat(request.headers())
                .contains(new OutboundRequest.Header("Authorization", "Bearer k-1"))
                .contains(new OutboundRequest.Header("Accept", "text/event-stream"))
                .contains(new OutboundRequest.Header("Accept-Encoding", "identity"));
        assertThat(request.secrets()).containsExactly("k-1");
        assertThat(request.isRepeatable()).isFalse();
        assertThat(body(request).toString())
                .isEqualTo("{\"model\":\"big-model\",\"messages\":[{\"role\":\"system\",\"content\":\"Be short.\"},"
                        + "{\"role\":\"user\",\"content\":\"Why?\"},{\"role\":\"assistant\",\"content\":\"Because.\"},"
                        + "{\"role\":\"user\",\"content\":\"Oh?\"}],\"max_tokens\":400,\"temperature\":0.5,"
                        + "\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
    }

    @Test
    void aMessageOfAnthropicHasItsSystemPromptApart() throws IOException {
        OutboundRequest request = request(AnswerProtocol.ANTHROPIC, "k-1");

        assertThat(request.url()).isEqualTo("https://api.example.org/v1/messages");
        assertThat(request.headers())
                .contains(new OutboundRequest.Header("x-api-key", "k-1"))
                .contains(new OutboundRequest.Header("anthropic-version", "2023-06-01"));
        assertThat(body(request).toString())
                .isEqualTo(
                        "{\"model\":\"big-model\",\"system\":\"Be short.\",\"messages\":["
                            + "{\"role\":\"user\",\"content\":\"Why?\"},{\"role\":\"assistant\",\"content\":\"Because.\"},"
                            + "{\"role\":\"user\",\"content\":\"Oh?\"}],\"max_tokens\":400,\"temperature\":0.5,\"stream\":true}");
    }

    @ParameterizedTest
    @CsvSource({"OPENAI, 1.5, 1.5", "ANTHROPIC, 1.5, 1", "ANTHROPIC, 1, 1", "ANTHROPIC, 0.9, 0.9"})
    void aTemperatureIsNoHigherThanTheProtocolAllows(AnswerProtocol protocol, BigDecimal asked, BigDecimal sent)
            throws IOException {
        AnswerPayload ask = new AnswerPayload(UUID.randomUUID(), "m", ASK.messages(), 500, asked, 600);

        JsonNode body = body(request(protocol, null, AnswerModel.MAX_TOKENS, ask));

        assertThat(body.path("temperature").decimalValue()).isEqualByComparingTo(sent);
    }

    @Test
    void aModelThatWantsAnotherFieldForTheMostTokensGetsIt() throws IOException {
        JsonNode body = body(request(AnswerProtocol.OPENAI, null, AnswerModel.MAX_COMPLETION_TOKENS, ASK));

        assertThat(body.path("max_completion_tokens").asInt()).isEqualTo(400);
        assertThat(body.has("max_tokens")).isFalse();
    }

    @Test
    void withoutAKeyNothingIsSentInItsPlace() {
        for (AnswerProtocol protocol : AnswerProtocol.values()) {
            assertThat(request(protocol, null).headers())
                    .extracting(OutboundRequest.Header::name)
                    .doesNotContain("Authorization", "x-api-key");
        }
    }
}
