package io.tailrace.ingest.answer;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The models that can be asked.
 *
 * @param models by name
 */
@Introspected
record ModelsView(List<ModelView> models) {
    /**
     * A model.
     *
     * @param name as questions call it
     * @param provider whose server has it
     * @param maxTokens the most tokens of an answer
     * @param inputPrice of a million tokens of the question
     * @param outputPrice of a million tokens of the answer
     * @param fallbacks which models are asked if this one gives no first token
     * @param reachable whether its server has answered just now
     * @param reason why it has not
     */
    @Introspected
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ModelView(
            String name,
            String provider,
            int maxTokens,
            @Nullable BigDecimal inputPrice,
            @Nullable BigDecimal outputPrice,
            List<String> fallbacks,
            boolean reachable,
            @Nullable String reason) {}
}
