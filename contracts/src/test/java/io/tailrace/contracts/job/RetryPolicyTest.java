package io.tailrace.contracts.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
    @Test
    void theBoundOfTheWaitDoublesUntilItIsTheLongest() {
        RetryPolicy policy = new RetryPolicy(1_000, 60_000, List.of());

        assertThat(List.of(1, 2, 3, 6, 7, 100))
                .extracting(policy::boundMs)
                .containsExactly(1_000L, 2_000L, 4_000L, 32_000L, 60_000L, 60_000L);
    }

    @Test
    void noFailuresOverflowTheBound() {
        RetryPolicy longest = new RetryPolicy(RetryPolicy.MOST_MS, RetryPolicy.MOST_MS, List.of());
        RetryPolicy none = new RetryPolicy(0, 0, List.of());

        assertThat(longest.boundMs(Integer.MAX_VALUE)).isEqualTo(RetryPolicy.MOST_MS);
        assertThat(none.boundMs(Integer.MAX_VALUE)).isZero();
    }

    @Test
    void itGivesUpOnTheErrorsThatItNames() {
        RetryPolicy policy = new RetryPolicy(0, 0, List.of("smtp_550"));

        assertThat(policy.givesUpOn("smtp_550")).isTrue();
        assertThat(policy.givesUpOn("smtp_451")).isFalse();
    }

    @Test
    void delaysThatDoNotFitAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new RetryPolicy(10, 9, List.of()))
                .withMessage("retry.longest_delay_ms: 9, expected 10 to 86400000");
    }

    @Test
    void aStateIsReadFromItsLabelAndNothingElse() {
        for (JobState state : JobState.values()) {
            assertThat(JobState.parse(state.label())).contains(state);
        }
        assertThat(JobState.parse("READY")).isEmpty();
        assertThat(JobState.parse("sleeping")).isEmpty();
    }
}
