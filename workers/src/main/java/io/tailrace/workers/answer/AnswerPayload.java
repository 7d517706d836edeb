package io.tailrace.workers.answer;

import io.micronaut.core.annotation.Introspected;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a job of the type {@code answer} asks.
 *
 * @param ownerId the person who asks and may read the answer
 * @param model the name of the model
 * @param messages what was said so far, the question last
 * @param maxTokens the most tokens of the answer
 * @param temperature how freely the model chooses; null for what the provider does then
 * @param reservedTokens what counts for the person's budget until the usage is known
 */
@Introspected
record AnswerPayload(
        UUID ownerId,
        String model,
        List<Message> messages,
        int maxTokens,
        @Nullable BigDecimal temperature,
        long reservedTokens) {
    /**
     * What somebody said.
     *
     * @param role {@code system}, {@code user} or {@code assistant}
     * @param content the text
     */
    @Introspected
    record Message(String role, String content) {}
}
