package io.tailrace.dispatcher.schedule;

import io.tailrace.contracts.job.JobSchedule;
import io.tailrace.kit.cron.CronExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Decides when schedules fire, over a {@link ScheduleBook}.
 *
 * <p>Time is the log's: {@code nowMs} is the record's timestamp and never steps back. Nothing happens by itself: what is due waits until
 * {@link #tick} is called, so that a restart, or a dispatcher that was away, leads to the same decisions.
 *
 * <p>Invariants: the times at which a schedule of a name fires only grow, so that it fires at most once at each; a schedule that was
 * set at some time fires at later times alone; one that was deleted does not fire.
 *
 * <p>A decision writes all of its entries or, if it throws, none. Single-threaded, like its book.
 */
final class ScheduleDesk {
    private final ScheduleBook book;
    private final FiringSettings settings;

    /**
     * What a tick led to.
     *
     * @param effects in their order
     * @param more whether something is left that could have been done now
     */
    record Turn(List<ScheduleEffect> effects, boolean more) {}

    ScheduleDesk(ScheduleBook book, FiringSettings settings) {
        this.book = book;
        this.settings = settings;
    }

    /**
     * There is this schedule from now on. What was due of the one before fires as that said, at most {@code limit} times, so that who
     * sets the same schedule again and again loses no firing.
     *
     * @param cron what its text says
     */
    List<ScheduleEffect> set(JobSchedule schedule, CronExpression cron, long nowMs, int limit) {
        return wholly(() -> {
            List<ScheduleEffect> effects = new ArrayList<>();
            ArmedSchedule before = book.schedule(schedule.name());
            if (before != null && before.nextMs() <= nowMs) {
                FiringPlan plan = FiringPlan.of(before, nowMs, settings, limit);
                tell(before.schedule(), plan, effects);
            }
            long nextMs = FiringPlan.nextMs(schedule, cron, nowMs);
            book.put(before, schedule, nextMs);
            effects.add(new ScheduleEffect.Changed(schedule, nextMs));
            return effects;
        });
    }

    /** There is no such schedule from now on, and what was due of it does not fire. */
    List<ScheduleEffect> delete(String name) {
        return wholly(() -> {
            ArmedSchedule before = book.schedule(name);
            if (before == null) {
                return List.of();
            }
            book.remove(before);
            return List.of(new ScheduleEffect.Deleted(name));
        });
    }

    /**
     * Fires what is due at {@code nowMs}.
     *
     * @param limit the most firings, and the most schedules that are looked at, so that changes are not kept waiting
     */
    Turn tick(long nowMs, int limit) {
        return wholly(() -> {
            List<ScheduleEffect> effects = new ArrayList<>();
            List<ArmedSchedule> due = book.due(nowMs, limit);
            int left = limit;
            for (ArmedSchedule armed : due) {
                if (left == 0) {
                    return new Turn(effects, true);
                }
                FiringPlan plan = FiringPlan.of(armed, nowMs, settings, left);
                tell(armed.schedule(), plan, effects);
                book.arm(armed, plan.nextMs());
                left -= plan.fireMs().size();
            }
            return new Turn(effects, due.size() == limit || isDue(nowMs));
        });
    }

    /** Whether {@link #tick} would do something at {@code nowMs}. */
    boolean isDue(long nowMs) {
        return !book.due(nowMs, 1).isEmpty();
    }

    private static void tell(JobSchedule schedule, FiringPlan plan, List<ScheduleEffect> effects) {
        if (plan.missed() > 0) {
            effects.add(new ScheduleEffect.Missed(schedule, plan.lastMissedMs(), plan.missed()));
        }
        plan.fireMs().forEach(atMs -> effects.add(new ScheduleEffect.Fired(schedule, atMs)));
    }

    private <T> T wholly(Supplier<T> decision) {
        try {
            T decided = decision.get();
            book.keep();
            return decided;
        } catch (RuntimeException e) {
            book.discard();
            throw e;
        }
    }
}
