package io.tailrace.workers.answer;

import io.tailrace.kit.answer.AnswerModel;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.outbound.OutboundRequest;
import io.tailrace.workers.answer.AnswerPayload.Message;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes the request that asks a provider. Pure. */
final class ProviderRequest {
    private static final String PURPOSE = "answer";
    private static final String SYSTEM = "system";
    private static final String JSON = "application/json";

    /** What Anthropic requires, and the only version that there is of its messages. */
    private static final String ANTHROPIC_VERSION = "2023-06-01";

    /** The highest temperature of Anthropic; OpenAI's is 2. */
    private static final BigDecimal HOTTEST = BigDecimal.ONE;

    private ProviderRequest() {}

    /**
     * The request.
     *
     * @param key of the provider; null if it needs none. It is hidden in log lines
     * @param deadline how long the answer may take altogether
     */
    static OutboundRequest of(AnswerModel model, AnswerPayload ask, @Nullable String key, Duration deadline) {
        OutboundRequest request =
                switch (model.provider().protocol()) {
                    case OPENAI -> openAi(model, ask, key);
                    case ANTHROPIC -> anthropic(model, ask, key);
                };
        OutboundRequest bounded = request.with("Accept", "text/event-stream")
                // Whoever compresses between here and there keeps tokens back until there are enough of them.
                .with("Accept-Encoding", "identity")
                .within(deadline);
        return key == null ? bounded : bounded.hiding(key);
    }

    private static OutboundRequest openAi(AnswerModel model, AnswerPayload ask, @Nullable String key) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("model", model.providerName());
        body.put("messages", ask.messages());
        body.put(model.tokenField(), maxTokens(model, ask));
        if (ask.temperature() != null) {
            body.put("temperature", ask.temperature());
        }
        body.put("stream", true);
        body.put("stream_options", Map.of("include_usage", true));
        OutboundRequest request = OutboundRequest.of(
                PURPOSE, "POST", model.provider().url() + "/chat/completions", JSON, Json.write(body));
        return key == null ? request : request.with("Authorization", "Bearer " + key);
    }

    private static OutboundRequest anthropic(AnswerModel model, AnswerPayload ask, @Nullable String key) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("model", model.providerName());
        String system = ask.messages().stream()
                .filter(message -> message.role().equals(SYSTEM))
                .map(Message::content)
                .collect(Collectors.joining("\n\n"));
        if (!system.isEmpty()) {
            body.put(SYSTEM, system);
        }
        List<Message> others = ask.messages().stream()
                .filter(message -> !message.role().equals(SYSTEM))
                .toList();
        body.put("messages", others);
        body.put(AnswerModel.MAX_TOKENS, maxTokens(model, ask));
        if (ask.temperature() != null) {
            body.put("temperature", ask.temperature().min(HOTTEST));
        }
        body.put("stream", true);
        OutboundRequest request = OutboundRequest.of(
                        PURPOSE, "POST", model.provider().url() + "/messages", JSON, Json.write(body))
                .with("anthropic-version", ANTHROPIC_VERSION);
        return key == null ? request : request.with("x-api-key", key);
    }

    /** A fallback can have a lower limit than the model that was asked for. */
    private static int maxTokens(AnswerModel model, AnswerPayload ask) {
        return Math.min(model.maxTokens(), ask.maxTokens());
    }
}
