package io.tailrace.kit.answer;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A model that can be asked. Immutable.
 *
 * @param name as requests call it, {@code [A-Za-z0-9][A-Za-z0-9._/-]{0,63}}
 * @param provider whose server has it
 * @param providerName what that server calls it
 * @param maxTokens the most tokens of an answer, and what a request gets that does not say
 * @param tokenField the field of requests with that number: {@value #MAX_TOKENS}, or {@value #MAX_COMPLETION_TOKENS}, which OpenAI's
 *     reasoning models want
 * @param inputPrice of a million tokens of the question, in the currency of the installation; null if nobody has said
 * @param outputPrice the same of the answer
 * @param fallbacks models that are asked in this order if this one gives no first token
 */
public record AnswerModel(
        String name,
        AnswerProvider provider,
        String providerName,
        int maxTokens,
        String tokenField,
        @Nullable BigDecimal inputPrice,
        @Nullable BigDecimal outputPrice,
        List<String> fallbacks) {
    /** The field with the most tokens of an answer, as most servers call it. */
    public static final String MAX_TOKENS = "max_tokens";

    /** The same, as OpenAI's reasoning models call it. */
    public static final String MAX_COMPLETION_TOKENS = "max_completion_tokens";

    /** What a name is like. */
    static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._/-]{0,63}");

    /** Copies the list. */
    public AnswerModel {
        fallbacks = List.copyOf(fallbacks);
    }

    /** What some tokens cost; null if a price is not known. */
    public @Nullable BigDecimal cost(long inputTokens, long outputTokens) {
        if (inputPrice == null || outputPrice == null) {
            return null;
        }
        return inputPrice
                .multiply(BigDecimal.valueOf(inputTokens))
                .add(outputPrice.multiply(BigDecimal.valueOf(outputTokens)))
                .movePointLeft(6)
                .stripTrailingZeros();
    }
}
