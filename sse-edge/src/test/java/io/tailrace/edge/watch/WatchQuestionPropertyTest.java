package io.tailrace.edge.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.tailrace.contracts.series.Resolutions;
import io.tailrace.grpc.series.v1.WatchRequest;
import io.tailrace.kit.problem.Problem;
import io.tailrace.kit.problem.ProblemException;
import java.util.Base64;
import java.util.SplittableRandom;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class WatchQuestionPropertyTest {
    private static final Resolutions ALL = Resolutions.parse(Resolutions.STANDARD);
    private static final long NOW_MS = 1_700_000_000_000L;
    private static final String LONG = "x".repeat(10_240);
    private static final String[] METRICS = {"", "x", "1-1-1-1-1", "\u0000", LONG};
    private static final String[] RESOLUTIONS = {"", "1s", "10s", "1m", "1h", "raw", "auto", "RAW", LONG};
    private static final long[] NUMBERS = {
        Long.MIN_VALUE,
        -62_135_596_801L,
        -1,
        0,
        1,
        500,
        10_000,
        3_601,
        NOW_MS / 1_000,
        16_725_225_600L,
        1_000_000_000_000L,
        Long.MAX_VALUE
    };

    @Property(tries = 2_000)
    void whateverIsAskedForIsAnsweredOrInvalidWithShortReasons(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        WatchRequest.Builder request = WatchRequest.newBuilder()
                .setMetricId(random.nextInt(3) > 0 ? new UUID(1, random.nextLong()).toString() : one(METRICS, random))
                .setResolution(one(RESOLUTIONS, random))
                .setMaxPoints((int) number(random))
                .setCursor(cursor(random));
        if (random.nextBoolean()) {
            request.setFrom(time(random));
        }
        if (random.nextBoolean()) {
            request.setTo(time(random));
        }
        if (random.nextBoolean()) {
            request.setInterval(Duration.newBuilder().setSeconds(number(random)).setNanos((int) number(random)));
        }

        try {
            WatchQuestion question = WatchQuestion.read(request.build(), ALL, NOW_MS);
            assertThat(question.fromMs()).isLessThan(question.toMs());
            assertThat(question.intervalMs()).isBetween(0L, 3_600_000L);
            assertThat(question.channel()).hasSizeLessThan(100);
        } catch (ProblemException e) {
            assertThat(e.problem().status()).isEqualTo(400);
            assertThat(e.problem().errors())
                    .isNotEmpty()
                    .extracting(Problem.FieldError::message)
                    .allSatisfy(message -> assertThat(message).hasSizeLessThan(400));
        }
    }

    private static String cursor(SplittableRandom random) {
        byte[] bytes = new byte[random.nextInt(200)];
        random.nextBytes(bytes);
        return switch (random.nextInt(4)) {
            case 0 -> Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
            case 1 -> LONG;
            default -> "";
        };
    }

    private static Timestamp time(SplittableRandom random) {
        return Timestamp.newBuilder()
                .setSeconds(number(random))
                .setNanos((int) number(random))
                .build();
    }

    private static long number(SplittableRandom random) {
        return NUMBERS[random.nextInt(NUMBERS.length)];
    }

    private static String one(String[] all, SplittableRandom random) {
        return all[random.nextInt(all.length)];
    }
}
