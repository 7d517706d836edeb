package io.tailrace.dispatcher.seat;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.seat.SeatCommand;
import io.tailrace.contracts.seat.SeatDecision;
import io.tailrace.contracts.seat.SeatId;
import io.tailrace.contracts.seat.Section;
import io.tailrace.contracts.seat.Show;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a decision costs does not depend on how large the show is, or on how much of it is sold. */
class SeatCostTest {
    private static final UUID SHOW = new UUID(0, 1);
    private static final int ROWS = 100;
    private static final int SEATS_PER_ROW = 1000;
    private static final long HOLD_MS = 60_000;

    private final BookStore rocks = new BookStore();
    private final CountingStore counting = new CountingStore(rocks.store());
    private StoreBook book = new StoreBook(counting.store(), 3_600_000, Long.MAX_VALUE);
    private SeatDesk desk = new SeatDesk(book);
    private int commands;

    @BeforeEach
    void a_show_of_a_hundred_thousand_seats() {
        book.putShow(new Show(
                SHOW,
                "organizer",
                "Large",
                Instant.ofEpochSecond(1_000_000),
                List.of(new Section("A", ROWS, SEATS_PER_ROW, BigDecimal.TEN)),
                60,
                60,
                Show.USER_CAP));
    }

    @AfterEach
    void close() {
        rocks.close();
    }

    @Test
    void a_command_touches_its_own_seats_and_a_few_entries_more() {
        List<UUID> sold = new ArrayList<>();
        for (int row = 1; row <= ROWS; row++) {
            for (int number = 1; number < SEATS_PER_ROW; number += 50) {
                SeatCommand.Hold hold = hold("user" + row + "-" + number, row, number, 2);
                assertThat(decide(hold, 0)).isInstanceOf(SeatDecision.Accepted.class);
                sold.add(hold.commandId());
            }
        }
        restart();

        assertCost(hold("ann", 50, 500, 1), 0, SeatDecision.Accepted.class, 6, 4);
        assertCost(hold("bob", 50, 510, 20), 0, SeatDecision.Accepted.class, 5 + 20, 3 + 20);
        assertCost(hold("eve", 1, 1, 2), 0, SeatDecision.Refused.class, 3 + 2 + 2, 1);
        String owner = "user1-1";
        assertCost(
                new SeatCommand.Confirm(nextId(), SHOW, owner, sold.getFirst()), 0, SeatDecision.Accepted.class, 4, 3);
        assertCost(
                new SeatCommand.Release(nextId(), SHOW, "user1-51", sold.get(1)),
                0,
                SeatDecision.Accepted.class,
                5,
                3 + 3);
    }

    @Test
    void a_hundred_seats_one_each_of_holds_that_ran_out_are_the_most_that_one_command_can_touch() {
        for (int number = 1; number <= Show.USER_CAP; number++) {
            decide(hold("ann", 1, number, 1), 0);
            decide(hold("user" + number, 2, number, 1), 0);
        }

        counting.reset();
        assertThat(decide(hold("ann", 2, 1, Show.USER_CAP), HOLD_MS)).isInstanceOf(SeatDecision.Accepted.class);

        assertThat(counting.reads()).isLessThan(10 * Show.USER_CAP);
        assertThat(counting.writes()).isLessThan(10 * Show.USER_CAP);
    }

    @Test
    void the_search_for_what_has_run_out_does_not_begin_at_what_ran_out_long_ago() {
        for (int number = 1; number <= 100; number++) {
            decide(hold("user" + number, 1, number, 1), number);
        }
        assertThat(desk.expire(HOLD_MS + 50, 30)).hasSize(30);
        assertThat(desk.expire(HOLD_MS + 50, 30)).hasSize(20);
        assertThat(desk.expire(HOLD_MS + 50, 30)).isEmpty();

        counting.reset();
        assertThat(book.hasExpired(HOLD_MS + 60)).isTrue();
        assertThat(desk.expire(HOLD_MS + 200, 1000)).hasSize(50);
        assertThat(book.hasExpired(HOLD_MS + 300)).isFalse();

        assertThat(counting.searchedFrom())
                .containsExactly(
                        StoreKeys.expiriesFrom(HOLD_MS + 51),
                        StoreKeys.expiriesFrom(HOLD_MS + 51),
                        StoreKeys.expiriesFrom(HOLD_MS + 51 /* its first one was there */));
    }

    @Test
    void a_hold_that_runs_out_before_what_was_looked_at_last_is_found() {
        assertThat(book.hasExpired(10 * HOLD_MS))
                .as("the wall clock is ahead of the log")
                .isFalse();

        decide(hold("ann", 1, 1, 1), 0);

        assertThat(desk.expire(HOLD_MS, 10)).hasSize(1);
    }

    @Test
    void forgotten_answers_are_searched_once_for_each_generation() {
        long hourMs = 3_600_000;
        for (int i = 0; i < 10; i++) {
            decide(new SeatCommand.Confirm(nextId(), SHOW, "ann", new UUID(8, 8)), 0);
        }

        assertThat(book.forgetAnswers(hourMs, 4)).isZero();
        assertThat(book.forgetAnswers(2 * hourMs, 4)).isEqualTo(4);
        assertThat(book.forgetAnswers(2 * hourMs, 4)).isEqualTo(4);
        assertThat(book.forgetAnswers(2 * hourMs, 4)).isEqualTo(2);
        counting.reset();
        assertThat(book.forgetAnswers(2 * hourMs, 4)).isZero();
        assertThat(counting.searchedFrom()).isEmpty();
    }

    private void assertCost(
            SeatCommand command, long nowMs, Class<? extends SeatDecision> outcome, int mostReads, int mostWrites) {
        counting.reset();
        assertThat(decide(command, nowMs)).isInstanceOf(outcome);
        assertThat(counting.reads()).as("reads of %s", command).isLessThanOrEqualTo(mostReads);
        assertThat(counting.writes()).as("writes of %s", command).isLessThanOrEqualTo(mostWrites);
    }

    private void restart() {
        book = new StoreBook(counting.store(), 3_600_000, Long.MAX_VALUE);
        desk = new SeatDesk(book);
    }

    private SeatDecision decide(SeatCommand command, long nowMs) {
        return desk.decide(command, nowMs).decision();
    }

    private SeatCommand.Hold hold(String user, int row, int from, int count) {
        List<SeatId> seats = new ArrayList<>();
        for (int number = from; number < from + count; number++) {
            seats.add(new SeatId("A", row, number));
        }
        return new SeatCommand.Hold(nextId(), SHOW, user, seats, 0);
    }

    private UUID nextId() {
        return new UUID(1, ++commands);
    }
}
