package io.tailrace.workers.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.kit.answer.AnswersSettings;
import io.tailrace.workers.answer.CallOutcome.Fault;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProviderPatienceTest {
    private static final long START_MS = 5_000;

    private static final AnswersSettings SETTINGS = new AnswersSettings(
            "",
            100,
            0,
            1,
            Duration.ofMillis(300),
            Duration.ofMillis(200),
            Duration.ofSeconds(1),
            Duration.ZERO,
            100,
            Duration.ofSeconds(1));

    private final ProviderPatience patience = new ProviderPatience(SETTINGS, START_MS, START_MS + 900);

    @Test
    void theFirstTokenMayTakeLongerThanTheNextOnes() {
        assertThat(patience.leftMs(START_MS + 100)).isEqualTo(200);
        assertThat(patience.hasBegun()).isFalse();
        patience.token(START_MS + 250);

        assertThat(patience.hasBegun()).isTrue();
        assertThat(patience.leftMs(START_MS + 260)).isEqualTo(190);
    }

    @Test
    void whatIsSaidIsWhatHasHappened() {
        assertThat(patience.timedOut(START_MS + 299))
                .isEqualTo(new Fault("provider_timed_out", "The connection to the provider timed out", false));
        assertThat(patience.timedOut(START_MS + 300))
                .isEqualTo(new Fault("provider_timed_out", "The provider gave no token within 300 ms", false));
        patience.token(START_MS + 400);
        assertThat(patience.timedOut(START_MS + 600))
                .isEqualTo(new Fault("provider_timed_out", "The provider said nothing for 200 ms", false));
    }

    @Test
    void theTimeOfTheAnswerIsOverWhateverTheProviderHasSaidLast() {
        patience.token(START_MS + 899);

        assertThat(patience.timedOut(START_MS + 900))
                .isEqualTo(new Fault("answer_took_too_long", "The answer was not complete within 1000 ms", true));
    }

    @Test
    void aProviderThatIsAskedLateHasOnlyWhatIsLeft() {
        assertThat(patience.deadline()).isEqualTo(Duration.ofMillis(900));
        assertThat(new ProviderPatience(SETTINGS, START_MS, START_MS - 1).deadline())
                .isEqualTo(Duration.ofMillis(1));
    }
}
