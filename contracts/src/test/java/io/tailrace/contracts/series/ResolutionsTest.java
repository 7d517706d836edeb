package io.tailrace.contracts.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResolutionsTest {
    private static final Resolutions STANDARD = Resolutions.parse(Resolutions.STANDARD);

    @Test
    void theStandardOnesAreFourFromOneSecondToOneHour() {
        assertThat(STANDARD.all())
                .containsExactly(
                        new Resolution("1s", 1_000, Duration.ofDays(2)),
                        new Resolution("10s", 10_000, Duration.ofDays(14)),
                        new Resolution("1m", 60_000, Duration.ofDays(90)),
                        new Resolution("1h", 3_600_000, Duration.ofDays(1830)));
        assertThat(STANDARD.of("10s")).contains(STANDARD.all().get(1));
        assertThat(STANDARD.of("5s")).isEmpty();
    }

    @Test
    void aWindowBeginsAtAMultipleOfItsLengthAlsoBeforeTheEpoch() {
        Resolution minute = STANDARD.of("1m").orElseThrow();

        assertThat(minute.startOf(Instant.parse("2026-01-02T03:04:59.999Z")))
                .isEqualTo(Instant.parse("2026-01-02T03:04:00Z"));
        assertThat(minute.startOf(60_000)).isEqualTo(60_000);
        assertThat(minute.startOf(-1)).isEqualTo(-60_000);
    }

    @Test
    void aPartitionHasADayOfSecondsAndAtMostThirtyDays() {
        assertThat(STANDARD.all())
                .extracting(each -> Duration.ofMillis(each.partitionMs()).toDays())
                .containsExactly(1L, 10L, 30L, 30L);
    }

    @Test
    void aWindowCanBeMergedOfSixHundred() {
        assertThat(Resolutions.parse("1s=2d, 10m=90d").coarsest().lengthMs()).isEqualTo(600_000);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|resolutions: \"\", expected a length and a retention such as 1m=90d",
                "1s|resolutions: \"1s\", expected a length and a retention such as 1m=90d",
                "1s=2d,|resolutions: \"\", expected a length and a retention such as 1m=90d",
                "0s=2d|resolutions: \"0s=2d\", expected a length and a retention such as 1m=90d",
                "1s=2d, 1s=3d|resolution 1s after 1s: expected a whole multiple of it, because its windows are merged"
                        + " of those",
                "10s=2d, 15s=3d|resolution 15s after 10s: expected a whole multiple of it, because its windows are"
                        + " merged of those",
                "1s=2d, 15m=3d|resolution 15m after 1s: expected at most 600 times its length, because each window is"
                        + " merged of so many; put one in between",
                "7s=2d|resolution 7s: expected 1 s to 1 day, of which a day is a multiple",
                "2d=9d|resolution 2d: expected 1 s to 1 day, of which a day is a multiple",
                "1h=1m|resolution 1h: retention PT1M, expected at least the window's length",
            })
    void whatIsNoListOfResolutionsIsRefusedByName(String text, String fault) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Resolutions.parse(text))
                .withMessage(fault);
    }
}
