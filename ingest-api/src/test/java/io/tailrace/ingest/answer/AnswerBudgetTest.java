package io.tailrace.ingest.answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tailrace.kit.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerBudgetTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    private static AnswerLoad load(long tokens, long unfinished) {
        return new AnswerLoad("somebody", tokens, unfinished, NOW.minus(Duration.ofHours(1)));
    }

    private static ProblemException refusal(AnswerLoad load, long tokens, long tokensPerDay) {
        return catchThrowableOfType(ProblemException.class, () -> AnswerBudget.check(load, tokens, tokensPerDay, NOW));
    }

    @Test
    void aDayHasSoManyTokensAndNotOneMore() {
        assertThatCode(() -> AnswerBudget.check(load(900, 3), 100, 1_000, NOW)).doesNotThrowAnyException();

        ProblemException refusal = refusal(load(900, 3), 101, 1_000);

        assertThat(refusal.problem().status()).isEqualTo(429);
        assertThat(refusal).hasMessageContaining("900 of 1000 tokens");
    }

    @ParameterizedTest
    @CsvSource({"PT24H, 60", "PT23H59M50S, 60", "PT23H50M, 600", "PT1H, 3600", "PT0S, 3600"})
    void whoWaitsIsToldWhenTheOldestOfTheTokensCountNoMore(Duration age, String seconds) {
        ProblemException refusal = refusal(new AnswerLoad("somebody", 1_000, 0, NOW.minus(age)), 1, 1_000);

        assertThat(refusal.headers()).containsEntry("Retry-After", seconds);
    }

    @Test
    void aQuestionThatIsLargerThanADayIsRefusedAlsoToWhoeverHasTakenNothing() {
        ProblemException refusal = refusal(new AnswerLoad("somebody", 0, 0, null), 1_001, 1_000);

        assertThat(refusal.problem().status()).isEqualTo(429);
        assertThat(refusal.headers()).containsEntry("Retry-After", "3600");
    }

    @Test
    void withoutALimitOfTokensThereIsOneOfAnswers() {
        assertThatCode(() -> AnswerBudget.check(load(900_000_000, 99), 100_000, 0, NOW))
                .doesNotThrowAnyException();

        ProblemException refusal = refusal(load(0, 100), 1, 0);

        assertThat(refusal.problem().status()).isEqualTo(429);
        assertThat(refusal).hasMessageContaining("100 of your answers have not ended");
        assertThat(refusal.headers()).containsEntry("Retry-After", "60");
    }
}
