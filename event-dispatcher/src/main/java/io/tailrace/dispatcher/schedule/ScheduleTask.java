package io.tailrace.dispatcher.schedule;

import io.tailrace.contracts.job.JobSchedule;
import io.tailrace.dispatcher.poison.FactProcessor;
import io.tailrace.kit.cron.CronExpression;

/**
 * Applies what stands in {@code tailrace.schedules} to the book of one task, in its order and at its time.
 *
 * <p>Time passes by the log, as for jobs: when the wall clock says that something is due, the task writes to its own topic that time has
 * passed, and fires when it reads that, at the time that the broker gave it. So a clock of the dispatcher that is ahead fires nothing
 * early, one that steps back fires nothing twice, and a change of a schedule is before or behind a firing for everybody.
 *
 * <p>Time never steps back: the time of a record is not less than any before it. It is kept with each decision, so that a restart does
 * not forget it.
 */
final class ScheduleTask implements FactProcessor.Application<ScheduleFact> {
    /** After that long a word to ourselves is taken for lost, with a transaction that was aborted. */
    private static final long TICK_PATIENCE_MS = 5_000;

    private static final long NO_TICK = Long.MIN_VALUE;
    private static final long UNKNOWN = -1;

    private final StoreScheduleBook book;
    private final ScheduleDesk desk;
    private final ScheduleOutput output;
    private final int perTurn;
    private long latestMs = UNKNOWN;
    private long keptMs = UNKNOWN;
    private long tickSentMs = NO_TICK;

    /**
     * The task of a book.
     *
     * @param perTurn the most firings at once
     */
    ScheduleTask(StoreScheduleBook book, FiringSettings settings, int perTurn, ScheduleOutput output) {
        this.book = book;
        this.desk = new ScheduleDesk(book, settings);
        this.output = output;
        this.perTurn = perTurn;
    }

    @Override
    public void apply(ScheduleFact fact, long timestampMs) {
        wake();
        latestMs = Math.max(latestMs, timestampMs);
        if (latestMs != keptMs) {
            // With what is decided, so that whoever reads the log again decides by the same time.
            book.putClock(latestMs);
            keptMs = latestMs;
        }
        switch (fact) {
            case ScheduleFact.Set(JobSchedule schedule, CronExpression cron) ->
                desk.set(schedule, cron, latestMs, perTurn).forEach(effect -> output.tell(effect, latestMs));
            case ScheduleFact.Deleted(String name) ->
                desk.delete(name).forEach(effect -> output.tell(effect, latestMs));
            case ScheduleFact.TimePassed() -> {
                tickSentMs = NO_TICK;
                ScheduleDesk.Turn turn = desk.tick(latestMs, perTurn);
                turn.effects().forEach(effect -> output.tell(effect, latestMs));
                if (turn.more()) {
                    // Changes that came meanwhile go first.
                    tickSentMs = latestMs;
                    output.tick(latestMs);
                }
            }
        }
    }

    /** Called by the clock: tells ourselves that time has passed if something is due. Returns whether it did. */
    boolean look(long wallClockMs) {
        wake();
        boolean waiting = tickSentMs != NO_TICK && Math.abs(wallClockMs - tickSentMs) < TICK_PATIENCE_MS;
        boolean ticks = !waiting && desk.isDue(Math.max(latestMs, wallClockMs));
        if (ticks) {
            tickSentMs = wallClockMs;
            output.tick(wallClockMs);
        }
        return ticks;
    }

    /** The store is not read before there is something to do: it may not be filled yet. */
    private void wake() {
        if (keptMs == UNKNOWN) {
            keptMs = book.clockMs();
            latestMs = keptMs;
        }
    }
}
