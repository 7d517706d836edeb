package io.tailrace.projections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class TrimSettingsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @Test
    void aPassIsNotShorterThanThePauseBetweenTwoLooks() {
        assertThat(new TrimSettings(MINUTE, 1, MINUTE, MINUTE).pass()).isEqualTo(MINUTE);
        assertThatThrownBy(() -> new TrimSettings(MINUTE, 1, MINUTE, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tailrace.projections.trim.pass: PT0S, expected at least the interval, PT1M");
    }

    @Test
    void rowsAndIntervalArePositive() {
        assertThatThrownBy(() -> new TrimSettings(MINUTE, 0, MINUTE, MINUTE)).hasMessageContaining("trim.rows: 0");
        assertThatThrownBy(() -> new TrimSettings(Duration.ZERO, 1, MINUTE, MINUTE))
                .hasMessageContaining("trim.interval: PT0S");
    }

    @Test
    void jobsAreKnownForAMinuteAtLeast() {
        assertThatThrownBy(() -> new TrimSettings(MINUTE, 1, Duration.ofSeconds(59), MINUTE))
                .hasMessageContaining("trim.jobs: PT59S, expected at least a minute");
    }
}
