package io.tailrace.kit.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.tailrace.contracts.access.Grants;
import io.tailrace.kit.limit.SharedBuckets.Share;
import io.tailrace.kit.security.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WriteLimitsTest {
    private static final Caller ADA = caller(UUID.randomUUID().toString());
    private static final Caller BEN = caller(UUID.randomUUID().toString());
    private static final Caller ROBOT = caller("robot");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Clock clock = new Clock();

    private static final class Clock implements TimeMeter {
        private long nowNs = TimeUnit.DAYS.toNanos(20_000);

        @Override
        public long currentTimeNanos() {
            return nowNs;
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }

        void pass(long millis) {
            nowNs += TimeUnit.MILLISECONDS.toNanos(millis);
        }
    }

    @Test
    void aPersonWritesTwentyTimesAtOnceAndThenTwentyTimesASecond() {
        WriteLimits limits = limits(null);

        assertThat(allowed(limits, ADA, 50)).isEqualTo(20);
        clock.pass(50);
        assertThat(allowed(limits, ADA, 50)).isEqualTo(1);
        clock.pass(500);
        assertThat(allowed(limits, ADA, 50)).isEqualTo(10);
    }

    @Test
    void aServiceAccountWritesTwoThousandTimes() {
        WriteLimits limits = limits(null);

        assertThat(allowed(limits, ROBOT, 3_000)).isEqualTo(2_000);
        clock.pass(100);
        assertThat(allowed(limits, ROBOT, 3_000)).isEqualTo(200);
    }

    @Test
    void nobodyTakesFromAnother() {
        WriteLimits limits = limits(null);
        allowed(limits, ADA, 50);

        assertThat(allowed(limits, BEN, 50)).isEqualTo(20);
        assertThat(allowed(limits, ROBOT, 1)).isEqualTo(1);
    }

    @Test
    void eachApiKeyHasALimitOfItsOwnOfTheKindOfItsBearer() {
        WriteLimits limits = limits(null);
        Caller first = new Caller(ADA.grants(), null, Caller.API_KEY + "1");
        Caller second = new Caller(ADA.grants(), null, Caller.API_KEY + "2");

        assertThat(allowed(limits, first, 50)).isEqualTo(20);
        assertThat(allowed(limits, second, 50)).isEqualTo(20);
        assertThat(allowed(limits, ADA, 50)).isEqualTo(20);
        assertThat(allowed(limits, first, 50)).isZero();
    }

    @Test
    void whoHasNoTokenIsKnownByTheAddress() {
        WriteLimits limits = limits(null);

        assertThat(allowed(limits, Caller.ANONYMOUS, 500)).isEqualTo(200);
        assertThat(limits.take(Caller.ANONYMOUS, "198.51.100.9")).isCompletedWithValueMatching(Ruling::allowed);
    }

    @Test
    void aRefusalSaysWhenToComeAgain() {
        WriteLimits limits = limits(null);
        allowed(limits, ADA, 20);

        Ruling refused = ruling(limits, ADA);

        assertThat(refused.allowed()).isFalse();
        assertThat(refused.waitNs()).isEqualTo(TimeUnit.MILLISECONDS.toNanos(50));
        assertThat(refused.retryAfterSeconds()).isEqualTo(1);
        assertThat(refused.allowance().policyHeader()).isEqualTo("\"person\";q=20;w=1");
        assertThat(refused.allowance().stateHeader(0)).isEqualTo("\"person\";r=0;t=1");
        assertThat(refused.allowance().stateHeader(20)).isEqualTo("\"person\";r=20;t=0");
    }

    @Test
    void theUsualWriteAsksNobody() {
        List<String> asked = new ArrayList<>();
        WriteLimits limits = limits((caller, allowance, writes) -> {
            asked.add(caller);
            return CompletableFuture.completedFuture(new Share(true, 7, 0));
        });

        assertThat(allowed(limits, ADA, 5)).isEqualTo(5);
        assertThat(asked).isEmpty();
        assertThat(ruling(limits, ADA).remaining()).isEqualTo(7);
        assertThat(asked).containsExactly("person:" + ADA.subject());
    }

    @Test
    void whatOtherNodesGaveAwayIsNotGivenAgain() {
        WriteLimits limits =
                limits((caller, allowance, writes) -> CompletableFuture.completedFuture(new Share(false, 0, 42)));

        assertThat(allowed(limits, ADA, 50)).isEqualTo(5);
        clock.pass(1_000);
        assertThat(allowed(limits, ADA, 50)).isEqualTo(2);
    }

    @Test
    void aServiceAccountAsksOnceForManyWrites() {
        List<Integer> asked = new ArrayList<>();
        WriteLimits limits = limits((caller, allowance, writes) -> {
            asked.add(writes);
            return CompletableFuture.completedFuture(new Share(true, 1_000, 0));
        });

        assertThat(allowed(limits, ROBOT, 2_000)).isEqualTo(2_000);
        assertThat(asked).hasSize(75).containsOnly(20);
    }

    @Test
    void aNodeThatCannotAskDecidesAlone() {
        WriteLimits nobody = limits((caller, allowance, writes) -> null);
        WriteLimits failing = limits(
                (caller, allowance, writes) -> CompletableFuture.failedFuture(new IllegalStateException("no answer")));

        assertThat(allowed(nobody, ADA, 50)).isEqualTo(20);
        assertThat(allowed(failing, ADA, 50)).isEqualTo(20);
        assertThat(meters.counter("tailrace.limits.alone").count()).isEqualTo(30);
    }

    @Test
    void allowedAndRefusedAreCounted() {
        allowed(limits(null), ADA, 50);

        assertThat(count("person", "allowed")).isEqualTo(20);
        assertThat(count("person", "refused")).isEqualTo(30);
        assertThat(count("service", "refused")).isZero();
    }

    @Test
    void zeroIsNoLimit() {
        WriteLimits limits = new WriteLimits(settings(0, 20, 10), null, meters, clock);

        assertThat(limits.take(ADA, "192.0.2.1")).isNull();
    }

    @Test
    void settingsThatMeanNothingAreRefused() {
        assertThatThrownBy(() -> settings(-1, 20, 10)).hasMessageContaining("person-per-second -1");
        assertThatThrownBy(() -> settings(20, 0, 10)).hasMessageContaining("person-burst: 0");
        assertThatThrownBy(() -> settings(20, 20, 0)).hasMessageContaining("max-callers: 0");
    }

    private WriteLimits limits(@Nullable SharedBuckets shared) {
        return new WriteLimits(settings(20, 20, 1_000), shared, meters, clock);
    }

    private static LimitSettings settings(int personPerSecond, int personBurst, int maxCallers) {
        return new LimitSettings(
                personPerSecond,
                personBurst,
                2_000,
                2_000,
                100,
                200,
                100,
                500,
                Duration.ofMillis(50),
                Duration.ofSeconds(1),
                maxCallers,
                List.of());
    }

    private double count(String caller, String outcome) {
        return meters.counter("tailrace.limits.writes", "caller", caller, "outcome", outcome)
                .count();
    }

    private static long allowed(WriteLimits limits, Caller caller, int writes) {
        long allowed = 0;
        for (int i = 0; i < writes; i++) {
            allowed += ruling(limits, caller).allowed() ? 1 : 0;
        }
        return allowed;
    }

    private static Ruling ruling(WriteLimits limits, Caller caller) {
        CompletableFuture<Ruling> ruling = limits.take(caller, "192.0.2.1");
        assertThat(ruling).isCompleted();
        return ruling == null ? new Ruling(new Allowance("none", 0, 1), true, 0, 0) : ruling.join();
    }

    private static Caller caller(String subject) {
        return new Caller(new Grants(subject, Set.of(), List.of(), List.of()), null, null);
    }
}
