package io.tailrace.dispatcher.schedule;

import io.tailrace.contracts.job.JobSchedule;
import io.tailrace.kit.cron.CronExpression;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is due of a schedule at some time. Pure.
 *
 * @param fireMs the times of the firings that happen now
 * @param missed how many are left out, counted up to {@value #MOST_COUNTED}
 * @param lastMissedMs the time of the last that is left out; of no meaning if there is none
 * @param nextMs the time of the next firing, which may be past as well if not all could happen now; or {@link ArmedSchedule#NEVER}
 */
record FiringPlan(List<Long> fireMs, int missed, long lastMissedMs, long nextMs) {
    /** So many missed firings are counted. */
    static final int MOST_COUNTED = 1_000;

    /**
     * The plan.
     *
     * @param armed a schedule whose next firing is due
     * @param limit the most firings, at least 1
     */
    static FiringPlan of(ArmedSchedule armed, long nowMs, FiringSettings settings, int limit) {
        JobSchedule schedule = armed.schedule();
        CronExpression cron = CronExpression.parse(schedule.cron());
        // The first that is due is known, whatever has become of the time zone's rules since.
        long lastMs = cron.lastUpTo(Instant.ofEpochMilli(nowMs), Instant.ofEpochMilli(armed.nextMs()), schedule.zone())
                .map(Instant::toEpochMilli)
                .orElse(armed.nextMs());
        return switch (schedule.missed()) {
            case ALL -> {
                long oldestMs = Math.min(nowMs - settings.catchUp().toMillis(), lastMs);
                yield all(armed, cron, oldestMs, nowMs, limit);
            }
            case LAST -> only(armed, cron, List.of(lastMs), lastMs, nowMs);
            case NONE -> {
                boolean inTime = nowMs - lastMs <= settings.inTime().toMillis();
                yield only(armed, cron, inTime ? List.of(lastMs) : List.of(), inTime ? lastMs : lastMs + 1, nowMs);
            }
        };
    }

    /** The first firing of a schedule after some time, or {@link ArmedSchedule#NEVER}. */
    static long nextMs(JobSchedule schedule, CronExpression cron, long afterMs) {
        return cron.nextAfter(Instant.ofEpochMilli(afterMs), schedule.zone())
                .map(Instant::toEpochMilli)
                .orElse(ArmedSchedule.NEVER);
    }

    /** All of those before {@code missedBeforeMs} are left out. */
    private static FiringPlan only(
            ArmedSchedule armed, CronExpression cron, List<Long> fireMs, long missedBeforeMs, long nowMs) {
        return plan(armed, cron, fireMs, missedBeforeMs, nextMs(armed.schedule(), cron, nowMs));
    }

    private static FiringPlan all(ArmedSchedule armed, CronExpression cron, long oldestMs, long nowMs, int limit) {
        long atMs = armed.nextMs() >= oldestMs ? armed.nextMs() : nextMs(armed.schedule(), cron, oldestMs - 1);
        List<Long> fireMs = new ArrayList<>();
        while (atMs <= nowMs && fireMs.size() < limit) {
            fireMs.add(atMs);
            atMs = nextMs(armed.schedule(), cron, atMs);
        }
        return plan(armed, cron, fireMs, oldestMs, atMs);
    }

    private static FiringPlan plan(
            ArmedSchedule armed, CronExpression cron, List<Long> fireMs, long missedBeforeMs, long nextMs) {
        if (armed.nextMs() >= missedBeforeMs) {
            return new FiringPlan(fireMs, 0, 0, nextMs);
        }
        Instant first = Instant.ofEpochMilli(armed.nextMs());
        Instant end = Instant.ofEpochMilli(missedBeforeMs - 1);
        int others = cron.count(first, end, armed.schedule().zone(), MOST_COUNTED - 1);
        Optional<Instant> last = cron.lastUpTo(end, first, armed.schedule().zone());
        return new FiringPlan(
                fireMs, 1 + others, last.map(Instant::toEpochMilli).orElse(armed.nextMs()), nextMs);
    }
}
