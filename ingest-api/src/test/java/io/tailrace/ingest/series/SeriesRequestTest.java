package io.tailrace.ingest.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tailrace.contracts.series.Resolutions;
import io.tailrace.kit.problem.Problem.FieldError;
import io.tailrace.kit.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeriesRequestTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00.500Z");
    private static final Duration AHEAD = Duration.ofHours(2);
    private static final Resolutions RESOLUTIONS = Resolutions.parse(Resolutions.STANDARD);

    @Test
    void by_default_it_is_the_last_hour_as_json() {
        SeriesRequest request = read(null, null, null, null);

        assertThat(request.range()).isEqualTo(new TimeRange(NOW.minus(Duration.ofHours(1)), NOW));
        assertThat(request.maxPoints()).isEqualTo(500);
        assertThat(request.columns()).isEqualTo(SeriesColumn.USUAL);
        assertThat(request.csv()).isFalse();
        assertThat(request.resolution().label()).isEqualTo("10s");
        assertThat(request.read().from()).isEqualTo(Instant.parse("2026-06-01T11:00:00Z"));
        assertThat(request.read().to())
                .as("windows of clocks that are ahead, which the channel has told already")
                .isEqualTo(NOW.plus(AHEAD));
        assertThat(read(null, NOW.toString(), null, null).read().to()).isEqualTo(NOW);
    }

    @ParameterizedTest
    @CsvSource({
        "PT10M, 500, 1s",
        "PT30M, 500, 1s",
        "PT1H, 1000, 1s",
        "PT1H, 10, 1h",
        "PT12H, 500, 1m",
        "P3D, 10000, 10s",
        "P3D, 50, 1h",
        "P20D, 10000, 1m",
        "P3650D, 500, 1h",
        "P3650D, 10000, 1h",
    })
    void auto_is_the_finest_that_reaches_back_so_far_and_has_not_too_many_windows(
            Duration length, String maxPoints, String expected) {
        SeriesRequest request = read(NOW.minus(length).toString(), null, "auto", maxPoints);

        assertThat(request.resolution().label()).isEqualTo(expected);
        long windows =
                Duration.between(request.read().from(), request.read().to()).toMillis()
                        / request.resolution().lengthMs();
        assertThat(windows)
                .isLessThanOrEqualTo(SeriesRequest.MOST_WINDOWS
                        + AHEAD.toMillis() / request.resolution().lengthMs()
                        + 1);
        assertThat(request.mostWindows()).isGreaterThanOrEqualTo((int) windows);
    }

    @Test
    void what_is_kept_no_longer_is_not_looked_for() {
        SeriesRequest request = read("1970-01-01T00:00:00Z", "2500-01-01T00:00:00Z", "auto", null);

        assertThat(request.range().from()).isEqualTo(Instant.EPOCH);
        assertThat(request.read().from()).isEqualTo(Instant.parse("2021-05-28T12:00:00Z"));
        assertThat(request.read().to()).isBefore(Instant.parse("2026-07-02T00:00:00Z"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "2026-06-01T12:00:00Z | 2026-06-01T11:00:00Z | - | - | to | 2026-06-01T11:00:00Z, expected a time after"
                        + " from, 2026-06-01T12:00:00Z",
                "2026-06-01T12:00:00Z | 2026-06-01T12:00:00Z | - | - | to | 2026-06-01T12:00:00Z, expected a time after"
                        + " from, 2026-06-01T12:00:00Z",
                "yesterday | - | - | - | from | \"yesterday\", expected a time of RFC 3339 from 1970 to 2999 such as"
                        + " 2026-01-02T03:04:05Z",
                "- | 3500-01-01T00:00:00Z | - | - | to | \"3500-01-01T00:00:00Z\", expected a time of RFC 3339 from"
                        + " 1970 to 2999 such as 2026-01-02T03:04:05Z",
                "- | - | - | 0 | max_points | \"0\", expected a whole number from 1 to 10000",
                "- | - | - | 1000000000 | max_points | \"1000000000\", expected a whole number from 1 to 10000",
                "- | - | - | many | max_points | \"many\", expected a whole number from 1 to 10000",
                "- | - | 5s | - | resolution | \"5s\", expected auto, 1s, 10s, 1m, 1h",
                "2016-06-01T12:00:00Z | 2026-06-01T12:00:00Z | 1s | - | resolution | 1s has 315532800 windows between"
                        + " from and to, expected at most 50000; ask for a shorter range, a coarser resolution or auto",
            })
    void what_cannot_be_answered_is_refused_with_what_can(
            @Nullable String from,
            @Nullable String to,
            @Nullable String resolution,
            @Nullable String maxPoints,
            String field,
            String message) {
        ProblemException refusal =
                catchThrowableOfType(ProblemException.class, () -> read(from, to, resolution, maxPoints));

        assertThat(refusal.problem().status()).isEqualTo(400);
        assertThat(refusal.problem().errors()).containsExactly(new FieldError(field, message));
    }

    @Test
    void columns_and_format_are_named() {
        SeriesRequest request = SeriesRequest.read(
                new SeriesRequest.Parameters(null, null, null, null, "t,last,last_at", "csv"), RESOLUTIONS, NOW, AHEAD);

        assertThat(request.columns()).containsExactly(SeriesColumn.T, SeriesColumn.LAST, SeriesColumn.LAST_AT);
        assertThat(request.csv()).isTrue();
        for (String wrong : new String[] {"", "t,,mean", "t,T", "t,mean,t", "p42"}) {
            assertThat(catchThrowableOfType(
                                    ProblemException.class,
                                    () -> SeriesRequest.read(
                                            new SeriesRequest.Parameters(null, null, null, null, wrong, "xml"),
                                            RESOLUTIONS,
                                            NOW,
                                            AHEAD))
                            .problem()
                            .errors())
                    .extracting(FieldError::field)
                    .containsExactly("columns", "format");
        }
    }

    private static SeriesRequest read(
            @Nullable String from, @Nullable String to, @Nullable String resolution, @Nullable String maxPoints) {
        return SeriesRequest.read(
                new SeriesRequest.Parameters(from, to, resolution, maxPoints, null, null), RESOLUTIONS, NOW, AHEAD);
    }
}
