package io.tailrace.dispatcher.job;

import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobQueues;
import io.tailrace.dispatcher.poison.FactProcessor;

/**
 * Applies what stands in {@code tailrace.job-commands} to the book of one task, in its order and at its time.
 *
 * <p>Time passes by the log, too. When the wall clock says that something is due, the task writes to its own commands that time
 * has passed, and does what is due when it reads that. So an outcome that stood in the log in time is never overtaken, however long the
 * dispatcher was away, and the same log leads to the same decisions.
 *
 * <p>Time never steps back, also when a broker's clock does, or another broker leads: the time of a record is not less than any
 * before it. It is kept with each decision, so that a restart does not forget it.
 */
final class JobTask implements FactProcessor.Application<JobFact> {
    /** After that long a word to ourselves is taken for lost, with a transaction that was aborted. */
    private static final long TICK_PATIENCE_MS = 5_000;

    private static final long NO_TICK = Long.MIN_VALUE;
    private static final long UNKNOWN = -1;

    private final StoreJobBook book;
    private final JobDesk desk;
    private final JobOutput output;
    private final int perTurn;
    private long latestMs = UNKNOWN;
    private long keptMs = UNKNOWN;
    private long tickSentMs = NO_TICK;

    /**
     * The task of a book.
     *
     * @param queues the declared ones of this task
     * @param perTurn the most that is done at once because time has passed
     */
    JobTask(StoreJobBook book, JobQueues queues, DeskSettings settings, int perTurn, JobOutput output) {
        this.book = book;
        this.desk = new JobDesk(book, queues, settings, Jitter.EVEN);
        this.output = output;
        this.perTurn = perTurn;
    }

    @Override
    public void apply(JobFact fact, long timestampMs) {
        wake();
        latestMs = Math.max(latestMs, timestampMs);
        if (latestMs != keptMs) {
            // With what is decided, so that whoever reads the log again decides by the same time.
            book.putClock(latestMs);
            keptMs = latestMs;
        }
        switch (fact) {
            case JobFact.Commanded(JobCommand command) ->
                desk.decide(command, latestMs).forEach(effect -> output.tell(effect, latestMs));
            case JobFact.TimePassed() -> {
                tickSentMs = NO_TICK;
                JobDesk.Turn turn = desk.tick(latestMs, perTurn);
                turn.effects().forEach(effect -> output.tell(effect, latestMs));
                if (turn.more()) {
                    // Commands that came meanwhile go first.
                    tickSentMs = latestMs;
                    output.tick(latestMs);
                }
            }
        }
    }

    /** Called by the clock: tells ourselves that time has passed if something is due. Returns whether it did. */
    boolean look(long wallClockMs) {
        wake();
        boolean waiting = tickSentMs != NO_TICK && wallClockMs - tickSentMs < TICK_PATIENCE_MS;
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
