package io.tailrace.dispatcher.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.job.MissedPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an hour of downtime leads to, and what is too late. */
class FiringPlanTest {
    private static final FiringSettings SETTINGS = new FiringSettings(Duration.ofSeconds(30), Duration.ofDays(1));
    private static final long START_MS = Instant.parse("2026-03-01T12:00:00Z").toEpochMilli();
    private static final long MINUTE_MS = 60_000;
    private static final long HOUR_MS = 60 * MINUTE_MS;

    private static FiringPlan plan(String cron, MissedPolicy missed, long nextMs, long nowMs, int limit) {
        ArmedSchedule armed = new ArmedSchedule(TestSchedules.of("s", cron, missed), nextMs);
        return FiringPlan.of(armed, nowMs, SETTINGS, limit);
    }

    @Test
    void after_an_hour_all_fires_each() {
        FiringPlan plan = plan("* * * * *", MissedPolicy.ALL, START_MS, START_MS + HOUR_MS + 45_000, 100);

        assertThat(plan.fireMs()).hasSize(61).startsWith(START_MS).endsWith(START_MS + HOUR_MS);
        assertThat(plan.missed()).isZero();
        assertThat(plan.nextMs()).isEqualTo(START_MS + HOUR_MS + MINUTE_MS);
    }

    @Test
    void after_an_hour_last_fires_once_and_the_others_are_counted() {
        FiringPlan plan = plan("* * * * *", MissedPolicy.LAST, START_MS, START_MS + HOUR_MS + 45_000, 100);

        assertThat(plan.fireMs()).containsExactly(START_MS + HOUR_MS);
        assertThat(plan.missed()).isEqualTo(60);
        assertThat(plan.lastMissedMs()).isEqualTo(START_MS + HOUR_MS - MINUTE_MS);
        assertThat(plan.nextMs()).isEqualTo(START_MS + HOUR_MS + MINUTE_MS);
    }

    @Test
    void after_an_hour_none_fires_from_now_on() {
        FiringPlan plan = plan("* * * * *", MissedPolicy.NONE, START_MS, START_MS + HOUR_MS + 45_000, 100);

        assertThat(plan.fireMs()).isEmpty();
        assertThat(plan.missed()).isEqualTo(61);
        assertThat(plan.lastMissedMs()).isEqualTo(START_MS + HOUR_MS);
        assertThat(plan.nextMs()).isEqualTo(START_MS + HOUR_MS + MINUTE_MS);
    }

    @Test
    void what_is_a_little_late_is_in_time() {
        FiringPlan plan = plan("0 * * * *", MissedPolicy.NONE, START_MS, START_MS + 30_000, 100);

        assertThat(plan.fireMs()).containsExactly(START_MS);
        assertThat(plan.missed()).isZero();
        assertThat(plan("0 * * * *", MissedPolicy.NONE, START_MS, START_MS + 30_001, 100)
                        .missed())
                .isEqualTo(1);
    }

    @Test
    void all_goes_on_where_the_limit_ended() {
        List<Long> fired = new ArrayList<>();
        long nowMs = START_MS + HOUR_MS;
        long nextMs = START_MS;
        while (nextMs <= nowMs) {
            FiringPlan plan = plan("* * * * *", MissedPolicy.ALL, nextMs, nowMs, 7);
            assertThat(plan.fireMs()).hasSizeBetween(1, 7);
            fired.addAll(plan.fireMs());
            nextMs = plan.nextMs();
        }

        assertThat(fired).hasSize(61).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void all_looks_back_for_a_day_and_at_least_for_one_firing() {
        FiringPlan minutes = plan("* * * * *", MissedPolicy.ALL, START_MS, START_MS + 72 * HOUR_MS, 10_000);
        FiringPlan weeks = plan("0 12 * * 0", MissedPolicy.ALL, START_MS, START_MS + 15 * 24 * HOUR_MS, 10);

        assertThat(minutes.fireMs()).hasSize(24 * 60 + 1).endsWith(START_MS + 72 * HOUR_MS);
        assertThat(minutes.missed()).isEqualTo(FiringPlan.MOST_COUNTED);
        assertThat(weeks.fireMs()).containsExactly(START_MS + 14 * 24 * HOUR_MS);
        assertThat(weeks.missed()).isEqualTo(2);
    }
}
