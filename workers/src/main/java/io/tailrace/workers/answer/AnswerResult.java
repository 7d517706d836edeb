package io.tailrace.workers.answer;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of an answer as the result of its job.
 *
 * @param model who answered: the model that was asked for, or one of its fallbacks
 * @param finishReason why the answer ends
 * @param text all of it; null if it is too long for a result, and only on the channel
 * @param usage how many tokens there were; null if the provider has not said
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
record AnswerResult(String model, String finishReason, @Nullable String text, @Nullable Usage usage) {
    /**
     * Tokens.
     *
     * @param inputTokens of the question
     * @param outputTokens of the answer
     * @param totalTokens of both
     * @param cost what they cost; null if the prices of the model are not declared
     */
    @Introspected
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Usage(long inputTokens, long outputTokens, long totalTokens, @Nullable BigDecimal cost) {}
}
