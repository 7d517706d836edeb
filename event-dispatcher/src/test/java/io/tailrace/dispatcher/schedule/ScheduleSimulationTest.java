package io.tailrace.dispatcher.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.job.JobSchedule;
import io.tailrace.contracts.job.MissedPolicy;
import io.tailrace.contracts.job.OverlapPolicy;
import io.tailrace.kit.cron.CronExpression;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * People who set and delete schedules, and dispatchers that are killed, fenced, away for an hour, and have clocks that are wrong, by a
 * seed: the same seed leads to the same history.
 */
class ScheduleSimulationTest {
    private static final int STEPS = 300;
    private static final List<String> CRONS =
            List.of("*/20 * * * * *", "30 * * * * *", "* * * * *", "0 * * * *", "30 2 * * *", "*/20 1-3 * * *");
    private static final List<String> ZONES = List.of("UTC", "Europe/Berlin", "Australia/Lord_Howe");

    @Property(tries = 150)
    void whatever_dies_no_schedule_fires_twice_and_every_time_is_fired_or_counted(@ForAll long seed) {
        new Simulation(seed).run();
    }

    /** One history. */
    private static final class Simulation {
        private final Random random;
        private final ScheduleWorld world;

        Simulation(long seed) {
            random = new Random(seed);
            world = new ScheduleWorld(random);
        }

        void run() {
            for (MissedPolicy policy : MissedPolicy.values()) {
                set("kept-" + policy.label(), policy);
            }
            for (int step = 0; step < STEPS; step++) {
                switch (random.nextInt(12)) {
                    case 0 -> set("changed-" + random.nextInt(3), any(List.of(MissedPolicy.values())));
                    case 1 -> {
                        if (random.nextInt(3) == 0) {
                            world.send(new ScheduleFact.Deleted("changed-" + random.nextInt(4)));
                        }
                    }
                    case 2, 3, 4 -> world.read(1 + random.nextInt(5));
                    case 5 -> world.commit();
                    case 6, 7 -> {
                        world.commit();
                        world.look();
                        world.commit();
                    }
                    case 8, 9 -> world.wallMs += random.nextInt(random.nextInt(15) == 0 ? 3_600_000 : 20_000);
                    case 10 -> world.aheadMs = random.nextInt(3) == 0 ? random.nextInt(7_200_000) - 3_600_000 : 0;
                    default -> {
                        if (random.nextInt(3) == 0) {
                            world.crash();
                        }
                    }
                }
            }
            world.settle();
            everyFiringIsOfItsTimeAndHappensOnce();
            everyTimeOfAScheduleThatNobodyChangedIsFiredOrCounted();
            nothingIsLeftOfDeletedSchedules();
        }

        private void set(String name, MissedPolicy policy) {
            JobSchedule schedule = TestSchedules.of(name, any(CRONS), any(ZONES), policy, OverlapPolicy.ALLOW);
            world.send(new ScheduleFact.Set(schedule, CronExpression.parse(schedule.cron())));
        }

        private <T> T any(List<T> values) {
            return values.get(random.nextInt(values.size()));
        }

        private void everyFiringIsOfItsTimeAndHappensOnce() {
            Set<String> fired = new HashSet<>();
            Map<String, JobSchedule> there = new HashMap<>();
            Map<String, Long> latest = new HashMap<>();
            for (ScheduleWorld.Decided decided : world.seen) {
                for (ScheduleEffect effect : decided.effects()) {
                    switch (effect) {
                        case ScheduleEffect.Changed(JobSchedule schedule, long nextMs) -> {
                            there.put(schedule.name(), schedule);
                            assertThat(nextMs).isGreaterThan(decided.nowMs());
                        }
                        case ScheduleEffect.Deleted(String name) -> there.remove(name);
                        case ScheduleEffect.Fired(JobSchedule schedule, long plannedMs) -> {
                            assertThat(fired.add(schedule.name() + "@" + plannedMs))
                                    .as("%s fires twice at %s", schedule.name(), plannedMs)
                                    .isTrue();
                            assertThat(plannedMs).as("not early").isLessThanOrEqualTo(decided.nowMs());
                            assertThat(there.get(schedule.name())).isEqualTo(schedule);
                            Long before = latest.put(schedule.name(), plannedMs);
                            assertThat(before == null || before < plannedMs).isTrue();
                        }
                        case ScheduleEffect.Missed(JobSchedule schedule, long lastMs, int count) -> {
                            assertThat(there.get(schedule.name())).isEqualTo(schedule);
                            assertThat(lastMs).isLessThanOrEqualTo(decided.nowMs());
                            assertThat(count).isPositive();
                        }
                    }
                }
            }
        }

        private void everyTimeOfAScheduleThatNobodyChangedIsFiredOrCounted() {
            for (MissedPolicy policy : MissedPolicy.values()) {
                String name = "kept-" + policy.label();
                Instant since = Instant.EPOCH;
                JobSchedule schedule = TestSchedules.of(name, "0 0 1 1 *", policy);
                long counted = 0;
                for (ScheduleWorld.Decided decided : world.seen) {
                    for (ScheduleEffect effect : decided.effects()) {
                        if (effect instanceof ScheduleEffect.Changed(JobSchedule set, long _)
                                && set.name().equals(name)) {
                            since = Instant.ofEpochMilli(decided.nowMs());
                            schedule = set;
                        } else if (effect instanceof ScheduleEffect.Fired(JobSchedule of, long _)
                                && of.name().equals(name)) {
                            counted++;
                        } else if (effect instanceof ScheduleEffect.Missed(JobSchedule of, long _, int count)
                                && of.name().equals(name)) {
                            assertThat(policy).isNotEqualTo(MissedPolicy.ALL);
                            counted += count;
                        }
                    }
                }
                assertThat(since).isAfter(Instant.EPOCH);
                int expected = CronExpression.parse(schedule.cron())
                        .count(since, Instant.ofEpochMilli(world.wallMs), schedule.zone(), Integer.MAX_VALUE);
                assertThat(counted).as("%s", schedule).isEqualTo(expected);
            }
        }

        private void nothingIsLeftOfDeletedSchedules() {
            for (int i = 0; i < 4; i++) {
                world.send(new ScheduleFact.Deleted("changed-" + i));
            }
            for (MissedPolicy policy : MissedPolicy.values()) {
                world.send(new ScheduleFact.Deleted("kept-" + policy.label()));
            }
            world.settle();
            assertThat(world.entries()).isZero();
        }
    }
}
