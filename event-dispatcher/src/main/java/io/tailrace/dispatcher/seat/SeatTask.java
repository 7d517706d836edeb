package io.tailrace.dispatcher.seat;

import io.tailrace.contracts.seat.Reservation;
import io.tailrace.contracts.seat.SeatCommand;
import io.tailrace.contracts.seat.SeatDecision;
import io.tailrace.dispatcher.poison.FactProcessor;
import java.util.List;
import java.util.function.Consumer;

/**
 * Applies what stands in {@code tailrace.seat-commands} to the book of one task, in its order and at its time.
 *
 * <p>Holds end by the log too. When the wall clock says that one has run out, the task writes to its own commands that
 * time has passed, and ends holds when it reads that. So a confirmation that stood in the log in time is never overtaken,
 * however long the dispatcher was away, and the same log leads to the same decisions.
 *
 * <p>Time never steps back, also when a broker's clock does, or another broker leads: the time of a record is not less
 * than any before it. It is kept whenever a hold ends, and besides every second, so that a restart does not forget it.
 */
final class SeatTask implements FactProcessor.Application<SeatFact> {
    private static final int FORGOTTEN_PER_TURN = 1000;

    /** How often the task looks for shows that are to be forgotten while there are none. */
    private static final long PAST_SHOWS_STEP_MS = 1000;

    private static final long CLOCK_STEP_MS = 1000;

    /** After that long a word to ourselves is taken for lost, with a transaction that was aborted. */
    private static final long TICK_PATIENCE_MS = 5_000;

    private static final long NO_TICK = Long.MIN_VALUE;
    private static final long UNKNOWN = -1;

    private final StoreBook book;
    private final SeatDesk desk;
    private final SeatOutput output;
    private final SeatSettings settings;
    private final Consumer<PastShows.Deleted> forgotten;
    private long latestMs = UNKNOWN;
    private long keptMs = UNKNOWN;
    private long tickSentMs = NO_TICK;
    private long pastShowsFromMs;

    /**
     * The task of a book.
     *
     * @param forgotten told what was deleted of past shows
     */
    SeatTask(StoreBook book, SeatOutput output, SeatSettings settings, Consumer<PastShows.Deleted> forgotten) {
        this.book = book;
        this.desk = new SeatDesk(book);
        this.output = output;
        this.settings = settings;
        this.forgotten = forgotten;
    }

    @Override
    public void apply(SeatFact fact, long timestampMs) {
        wake();
        latestMs = Math.max(latestMs, timestampMs);
        switch (fact) {
            case SeatFact.Commanded(SeatCommand command) -> decide(command);
            case SeatFact.TimePassed() -> expire();
        }
        if (latestMs - keptMs >= CLOCK_STEP_MS) {
            keepClock();
        }
    }

    /**
     * Called by the clock: sees to it that holds which have run out end, and forgets answers that are too old, and shows that
     * began long ago. Returns whether something was written that is waited for.
     */
    boolean look(long wallClockMs) {
        wake();
        boolean waiting = tickSentMs != NO_TICK && wallClockMs - tickSentMs < TICK_PATIENCE_MS;
        boolean ticks = !waiting && (book.hasExpired(wallClockMs) | forgetShows(wallClockMs));
        if (ticks) {
            tickSentMs = wallClockMs;
            output.tick(wallClockMs);
        }
        int answers = book.forgetAnswers(latestMs, FORGOTTEN_PER_TURN);
        assert answers <= FORGOTTEN_PER_TURN;
        return ticks;
    }

    /**
     * Shows are forgotten by the log's clock. Returns whether that has to be told that time has passed, because nobody wants
     * seats any more.
     */
    private boolean forgetShows(long wallClockMs) {
        if (wallClockMs < pastShowsFromMs) {
            return false;
        }
        // What a hold that has not ended names must be there when it ends.
        PastShows.Deleted deleted = book.hasExpired(latestMs)
                ? PastShows.Deleted.NOTHING
                : book.past().forget(latestMs, FORGOTTEN_PER_TURN);
        if (deleted.entries() > 0) {
            forgotten.accept(deleted);
            return false;
        }
        pastShowsFromMs = wallClockMs + PAST_SHOWS_STEP_MS;
        return book.past().isDue(wallClockMs) && !book.past().isDue(latestMs);
    }

    /** The store is not read before there is something to do: it may not be filled yet. */
    private void wake() {
        if (keptMs == UNKNOWN) {
            book.past().noteOlder();
            keptMs = book.clockMs();
            latestMs = keptMs;
        }
    }

    private void expire() {
        tickSentMs = NO_TICK;
        List<Reservation> ended = desk.expire(latestMs, settings.expiriesPerTurn());
        tell(ended);
        if (ended.size() == settings.expiriesPerTurn()) {
            // There may be more; commands that came meanwhile go first.
            tickSentMs = latestMs;
            output.tick(latestMs);
        }
    }

    private void decide(SeatCommand command) {
        SeatChange change = desk.decide(command, latestMs);
        tell(change.changed());
        SeatDecision decision = change.decision();
        output.decided(command, decision, change.repeated(), latestMs);
    }

    private void tell(List<Reservation> changed) {
        boolean ended = false;
        for (Reservation reservation : changed) {
            output.changed(reservation, latestMs);
            ended |= reservation.state() == Reservation.State.EXPIRED;
        }
        if (ended && latestMs > keptMs) {
            keepClock();
        }
    }

    private void keepClock() {
        book.putClock(latestMs);
        keptMs = latestMs;
    }
}
