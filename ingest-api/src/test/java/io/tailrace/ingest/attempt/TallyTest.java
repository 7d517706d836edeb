package io.tailrace.ingest.attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.backends.TestRedis;
import io.tailrace.ingest.attempt.TallyStore.Counted;
import io.tailrace.kit.redis.RedisLink;
import io.tailrace.kit.redis.RedisSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class TallyTest {
    private static final Tally.Rule RULE = new Tally.Rule(3, 1_000, 900_000, 3_600_000);
    private static final long NOW = Instant.parse("2026-03-01T10:00:00Z").toEpochMilli();

    @Test
    void the_first_failures_have_no_pause_and_each_further_one_doubles_it_up_to_the_longest() {
        List<Long> pauses = new ArrayList<>();
        Tally tally = Tally.NONE;
        for (int i = 0; i < 14; i++) {
            tally = tally.attempted(RULE, NOW);
            pauses.add(tally.waitMs(NOW));
        }

        assertThat(pauses)
                .containsExactly(
                        0L, 0L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 32_000L, 64_000L, 128_000L, 256_000L, 512_000L,
                        900_000L, 900_000L);
    }

    @Test
    void thousands_of_failures_do_not_overflow_into_no_pause() {
        assertThat(RULE.pauseMs(1e9)).isEqualTo(900_000);
        assertThat(new Tally.Rule(1, 900_000, 900_000, 1).pauseMs(63)).isEqualTo(900_000);
    }

    @Test
    void failures_sink_with_time() {
        Tally tally = Tally.NONE.attempted(RULE, NOW).attempted(RULE, NOW);

        Tally muchLater = tally.attempted(RULE, NOW + 3_600_000);

        assertThat(muchLater.failures()).isEqualTo(1);
        assertThat(tally.attempted(RULE, NOW + 1_200_000).failures()).isEqualTo(2);
        assertThat(tally.attempted(RULE, NOW + 5).waitMs(NOW + 5)).isEqualTo(1_000);
    }

    @Test
    void what_was_no_failure_is_taken_back() {
        Tally tally = Tally.NONE.attempted(RULE, NOW).attempted(RULE, NOW).attempted(RULE, NOW);

        assertThat(tally.waitMs(NOW)).isPositive();
        assertThat(tally.takenBack().waitMs(NOW)).isZero();
        assertThat(tally.takenBack().failures()).isEqualTo(2);
        assertThat(Tally.NONE.takenBack().failures()).isZero();
    }

    @Test
    void redis_computes_the_same() {
        TestRedis redis = TestRedis.shared();
        TallyStore attempts = new RedisAttempts(
                new RedisLink(new RedisSettings(redis.url(), Duration.ofSeconds(5), Duration.ofSeconds(1))));
        Counted counted = new Counted("test:" + UUID.randomUUID(), RULE);
        for (int failures = 0; failures < 16; failures++) {
            String before = String.valueOf(failures);
            // No time has passed since the last one, and its pause is over.
            redis.call(commands ->
                    commands.hset(counted.key(), Map.of("failures", before, "at", "99999999999999", "until", "0")));

            assertThat(attempts.begin(List.of(counted))).isZero();

            long pauseMs = number(redis, counted, "until") - number(redis, counted, "at");
            assertThat(pauseMs).isEqualTo(RULE.pauseMs(failures + 1));
            assertThat(attempts.begin(List.of(counted)) > 0).isEqualTo(pauseMs > 0);
        }
    }

    @Test
    void settings_that_mean_nothing_are_refused() {
        assertThatThrownBy(() -> settings(0, Duration.ofSeconds(1), Duration.ofMinutes(15)))
                .hasMessageContaining("pair-failures 0");
        assertThatThrownBy(() -> settings(10, Duration.ofSeconds(2), Duration.ofSeconds(1)))
                .hasMessageContaining("longest-pause PT1S");
        assertThatThrownBy(() -> settings(10, Duration.ZERO, Duration.ofSeconds(1)))
                .hasMessageContaining("first-pause PT0S");
    }

    private static SignInSettings settings(int pairFailures, Duration first, Duration longest) {
        return new SignInSettings(pairFailures, 100, 100, first, longest, Duration.ofSeconds(30), Duration.ofHours(1));
    }

    private static long number(TestRedis redis, Counted counted, String field) {
        return Long.parseLong(redis.call(commands -> commands.hget(counted.key(), field)));
    }
}
