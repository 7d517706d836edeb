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
 * @param inputPrice of a million tokens of the question, in the currency of the installation; null if nobody has said
 * @param outputPrice the same of the answer
 * @param fallbacks models that are asked in this order if this one gives no first token
 */
public record AnswerModel(
        String name,
        AnswerProvider provider,
        String providerName,
        int maxTokens,
        @Nullable BigDecimal inputPrice,
        @Nullable BigDecimal outputPrice,
        List<String> fallbacks) {
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
