package io.tailrace.ingest.answer;

import io.micronaut.core.annotation.Introspected;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A question, as it is described to clients.
 *
 * @param model the name of a model, of those that {@code GET /models} shows
 * @param messages what was said so far, the question last
 * @param uploads not supported yet; none
 * @param maxTokens the most tokens of the answer; without it what the model allows
 * @param temperature how freely the model chooses, 0 to 2; without it what the provider does then
 */
@Introspected
record NewAnswer(
        String model,
        List<Message> messages,
        @Nullable List<UUID> uploads,
        @Nullable Integer maxTokens,
        @Nullable BigDecimal temperature) {
    /**
     * What somebody said.
     *
     * @param role {@code system}, {@code user} or {@code assistant}
     * @param content the text
     */
    @Introspected
    record Message(String role, String content) {}
}
