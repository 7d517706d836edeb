package io.tailrace.kit.answer;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Answers of models. Immutable.
 *
 * @param providersFile a file that declares providers and models, the same for ingest-api and workers: docs/answers.md. Empty: there are no
 *     models
 * @param maxPromptBytes the longest question, as the JSON of its messages; one that is longer is answered 413
 * @param tokensPerDay the most tokens of a person's questions and answers in 24 hours; 0 for no limit
 * @param attempts how often a model is asked until its first token, with the attempts after a worker has vanished
 * @param firstTokenTimeout how long a provider may take until the first token
 * @param nextTokenTimeout how long it may take from one token to the next
 * @param deadline how long an answer may take altogether, at most 55 minutes
 * @param batch for how long at most tokens are put together into one event
 * @param maxAnswerBytes the longest text of an answer; a longer one fails
 * @param logTimeout how long the log may be away while an answer is written, before it is begun anew
 */
@ConfigurationProperties("tailrace.answers")
public record AnswersSettings(
        @Bindable(defaultValue = "") String providersFile,
        @Bindable(defaultValue = "245760") int maxPromptBytes,
        @Bindable(defaultValue = "200000") long tokensPerDay,
        @Bindable(defaultValue = "3") int attempts,
        @Bindable(defaultValue = "30s") Duration firstTokenTimeout,
        @Bindable(defaultValue = "20s") Duration nextTokenTimeout,
        @Bindable(defaultValue = "10m") Duration deadline,
        @Bindable(defaultValue = "30ms") Duration batch,
        @Bindable(defaultValue = "1048576") int maxAnswerBytes,
        @Bindable(defaultValue = "60s") Duration logTimeout) {
    /** Less than what a job may have with the rest of its fields. */
    private static final int MOST_PROMPT = 250_000;

    /** An answer is held in memory while it comes. */
    private static final int MOST_ANSWER = 16 << 20;

    private static final int MOST_ATTEMPTS = 10;
    private static final Duration LONGEST = Duration.ofMinutes(55);

    /** Checks the ranges, and the file. */
    public AnswersSettings {
        check("max-prompt-bytes", maxPromptBytes, maxPromptBytes >= 1 && maxPromptBytes <= MOST_PROMPT, "1 to 250000");
        check("tokens-per-day", tokensPerDay, tokensPerDay >= 0, "at least 0");
        check("attempts", attempts, attempts >= 1 && attempts <= MOST_ATTEMPTS, "1 to 10");
        check("first-token-timeout", firstTokenTimeout, firstTokenTimeout.toMillis() >= 1, "at least 1 ms");
        check("next-token-timeout", nextTokenTimeout, nextTokenTimeout.toMillis() >= 1, "at least 1 ms");
        check("deadline", deadline, deadline.toMillis() >= 1 && deadline.compareTo(LONGEST) <= 0, "1 ms to 55 minutes");
        check("batch", batch, !batch.isNegative() && batch.toMillis() <= 1_000, "0 to 1 s");
        check(
                "max-answer-bytes",
                maxAnswerBytes,
                maxAnswerBytes >= 1 && maxAnswerBytes <= MOST_ANSWER,
                "1 to 16777216");
        check("log-timeout", logTimeout, logTimeout.toMillis() >= 100, "at least 100 ms");
        var unused = models(providersFile);
    }

    /**
     * The models, as the file says now.
     *
     * @throws IllegalArgumentException naming every fault of the file
     */
    public AnswerModels models() {
        return models(providersFile);
    }

    private static AnswerModels models(String file) {
        return file.isBlank() ? AnswerModels.NONE : AnswerModels.load(Path.of(file));
    }

    private static void check(String name, Object value, boolean valid, String expected) {
        if (!valid) {
            throw new IllegalArgumentException("tailrace.answers." + name + ": " + value + ", expected " + expected);
        }
    }
}
