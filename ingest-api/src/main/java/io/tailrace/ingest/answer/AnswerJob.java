package io.tailrace.ingest.answer;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.tailrace.ingest.answer.NewAnswer.Message;
import java.math.BigDecimal;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The payload of a job of the type {@code answer}.
 *
 * @param reservedTokens what counts for the person's budget until the usage is known
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record AnswerJob(
        UUID ownerId,
        String model,
        List<Message> messages,
        int maxTokens,
        @Nullable BigDecimal temperature,
        long reservedTokens) {
    /** The type of the jobs. */
    static final String TYPE = "answer";

    /** The queue that they are in. */
    static final String QUEUE = "answers";
}
