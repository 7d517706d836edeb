package io.tailrace.ingest.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.series.Resolutions;
import io.tailrace.kit.problem.Problem.FieldError;
import io.tailrace.kit.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

class SeriesRequestPropertyTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00.500Z");
    private static final Resolutions RESOLUTIONS = Resolutions.parse(Resolutions.STANDARD);
    private static final @Nullable String[] TIMES = {
        null,
        "",
        "now",
        "1970-01-01T00:00:00Z",
        "2500-01-01T00:00:00Z",
        "2999-12-31T23:59:59.999999999Z",
        "-1000000000-01-01T00:00:00Z",
        "+1000000000-12-31T23:59:59Z",
        "2026-06-01T11:00:00+01:00",
        "2026-06-01T11:59:59.999Z",
        "2026-02-30T00:00:00Z",
        "1e400",
        "\u0000",
    };
    private static final @Nullable String[] NUMBERS = {
        null,
        "",
        "0",
        "1",
        "500",
        "10000",
        "10001",
        "1000000000",
        "99999999999999999999",
        "-1",
        "1.5",
        "NaN",
        "٣",
        "0x10"
    };
    private static final @Nullable String[] WORDS = {
        null,
        "",
        "auto",
        "1s",
        "10s",
        "1m",
        "1h",
        "1d",
        "raw",
        "t,count",
        "t,,count",
        "t,t",
        "csv",
        "json",
        "x".repeat(10_240)
    };

    @Property(tries = 2_000)
    void whatever_is_asked_for_is_bounded_or_400_with_short_reasons(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        SeriesRequest.Parameters parameters = new SeriesRequest.Parameters(
                one(TIMES, random),
                one(TIMES, random),
                one(WORDS, random),
                one(NUMBERS, random),
                one(WORDS, random),
                one(WORDS, random));

        try {
            SeriesRequest request = SeriesRequest.read(parameters, RESOLUTIONS, NOW, Duration.ofHours(2));
            assertThat(request.range().from()).isBefore(request.range().to());
            assertThat(request.maxPoints()).isBetween(1, 10_000);
            assertThat(request.mostWindows()).isLessThan(60_000);
        } catch (ProblemException e) {
            assertThat(e.problem().status()).isEqualTo(400);
            assertThat(e.problem().errors())
                    .isNotEmpty()
                    .extracting(FieldError::message)
                    .allSatisfy(message -> assertThat(message).hasSizeLessThan(400));
        }
    }

    private static @Nullable String one(@Nullable String[] all, SplittableRandom random) {
        return all[random.nextInt(all.length)];
    }
}
