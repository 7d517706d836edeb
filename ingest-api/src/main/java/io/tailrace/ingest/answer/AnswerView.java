package io.tailrace.ingest.answer;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.micronaut.core.annotation.Introspected;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An answer as its asker sees it.
 *
 * @param id its id
 * @param channel where it is written while it comes
 * @param state {@code waiting}, {@code running}, {@code completed}, {@code failed} or {@code cancelled}
 * @param model who answers, or has answered
 * @param attempt the number of the last attempt, 0 before the first
 * @param createdAt when it was asked for
 * @param startedAt when the last attempt began
 * @param finishedAt when it ended
 * @param text the text, or what there is of it so far; null if it could not be read in time
 * @param finishReason why a completed answer ends
 * @param usage how many tokens there were, if the provider has said
 * @param error why it failed
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
record AnswerView(
        UUID id,
        String channel,
        String state,
        @Nullable String model,
        int attempt,
        Instant createdAt,
        @Nullable Instant startedAt,
        @Nullable Instant finishedAt,
        @Nullable String text,
        @Nullable String finishReason,
        @Nullable Usage usage,
        @Nullable Failure error) {
    /**
     * Tokens.
     *
     * @param inputTokens of the question
     * @param outputTokens of the answer
     * @param totalTokens of both
     * @param cost what they cost, if the prices of the model are declared
     */
    @Introspected
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Usage(long inputTokens, long outputTokens, long totalTokens, @Nullable BigDecimal cost) {}

    /**
     * Why there is no answer.
     *
     * @param reason for programs
     * @param detail for people
     */
    @Introspected
    record Failure(String reason, String detail) {}

    /** The state of an answer whose job is in a state. */
    static String state(String job) {
        return switch (job) {
            case "running" -> "running";
            case "succeeded" -> "completed";
            case "dead" -> "failed";
            case "cancelled" -> "cancelled";
            default -> "waiting";
        };
    }

    /**
     * The view of an answer.
     *
     * @param result of its job; missing if it has none
     * @param text what the channel has, if the result does not have it
     */
    static AnswerView of(AnswerRow row, JsonNode result, @Nullable String text) {
        String state = state(row.state());
        String error = row.errorType();
        JsonNode usage = result.path("usage");
        return new AnswerView(
                row.id(),
                AnswerEvents.channel(row.ownerId(), row.id()).name(),
                state,
                result.hasNonNull("model") ? result.path("model").asText() : row.model(),
                row.attempt(),
                row.enqueuedAt(),
                row.startedAt(),
                row.finishedAt(),
                result.hasNonNull("text") ? result.path("text").asText() : text,
                result.hasNonNull("finish_reason")
                        ? result.path("finish_reason").asText()
                        : null,
                usage.isObject()
                        ? new Usage(
                                usage.path("input_tokens").asLong(),
                                usage.path("output_tokens").asLong(),
                                usage.path("total_tokens").asLong(),
                                usage.hasNonNull("cost") ? usage.path("cost").decimalValue() : null)
                        : null,
                state.equals("failed") && error != null
                        ? new Failure(error, String.valueOf(row.errorMessage()))
                        : null);
    }

    /** The result of a job; missing if it has none. */
    static JsonNode result(AnswerRow row) {
        String json = row.result();
        if (json == null) {
            return MissingNode.getInstance();
        }
        try {
            return Json.mapper().readTree(json.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException("the result of the job " + row.id() + " is not JSON", e);
        }
    }
}
