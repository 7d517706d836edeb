package io.tailrace.dispatcher.seat;

import static io.tailrace.dispatcher.seat.SeatHarness.FORGET_AFTER;
import static io.tailrace.dispatcher.seat.SeatHarness.SHOW;
import static io.tailrace.dispatcher.seat.SeatHarness.STARTS_AT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.contracts.seat.SeatCommand;
import io.tailrace.contracts.seat.SeatId;
import io.tailrace.contracts.seat.Section;
import io.tailrace.contracts.seat.Show;
import io.tailrace.dispatcher.testing.Facts;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Some time after a show has begun, nothing of it is left in the store, and it is answered like one that never was. */
class ForgottenShowsTest {
    private static final UUID LATER_SHOW = new UUID(0x0197_0000_0000_7000L, 0x8000_0000_0000_0002L);
    private static final Instant FORGOTTEN_AT = STARTS_AT.plus(FORGET_AFTER);
    private static final Instant OVER_AT = STARTS_AT.plusSeconds(Show.HOLD_CAP_SECONDS);

    /** The first letters of keys. */
    private static final String SEATS_AND_HOLDINGS = "oh";

    private static final String ALL_BUT_ANSWERS = "cshorxbn";

    private final SeatHarness seats = new SeatHarness();

    @AfterEach
    void close() {
        seats.close();
    }

    @Test
    void a_show_and_all_that_belongs_to_it_leave_the_store_also_when_nobody_wants_seats_any_more() {
        sellTwo();
        int before = entriesOf(SHOW);
        assertThat(before).isGreaterThan(5);

        // Time passes, and nothing else happens.
        seats.wait(Duration.between(Facts.NOW, FORGOTTEN_AT).minusSeconds(10));
        for (int i = 0; i < 5; i++) {
            seats.wait(Duration.ofSeconds(1));
        }
        assertThat(entriesOf(SHOW))
                .as("the show, its start and two reservations before its time")
                .isEqualTo(4);
        letTimePass();

        assertThat(entriesOf(SHOW)).isZero();
    }

    @Test
    void seats_leave_the_store_when_the_last_hold_of_a_show_must_have_ended_and_reservations_stay() {
        UUID sold = sellTwo();
        SeatCommand.Hold late = seats.hold("bob", 600, "A-9-9");
        seats.at(STARTS_AT.minusMillis(1));
        assertThat(seats.decide(late).accepted()).isTrue();
        SeatCommand.Hold again = new SeatCommand.Hold(sold, SHOW, "ann", List.of(new SeatId("A", 1, 2)), 0);

        tellTheTime(OVER_AT.minusMillis(1), "show_started");
        letTimePass();
        assertThat(entriesOf(SHOW, SEATS_AND_HOLDINGS)).as("before its time").isPositive();
        tellTheTime(OVER_AT, "show_started");
        letTimePass();

        assertThat(entriesOf(SHOW, SEATS_AND_HOLDINGS)).isZero();
        assertThat(entriesOf(SHOW, "r")).isEqualTo(3);
        seats.events();
        assertThat(seats.decide(again).repeated()).isTrue();
        assertThat(seats.decide(late).repeated()).isTrue();
        assertThat(seats.decide(seats.release("ann", sold)).reason()).isEqualTo("already_confirmed");
        assertThat(seats.decide(seats.confirm("bob", late.commandId())).reason())
                .isEqualTo("expired");
        assertThat(seats.decide(seats.hold("bob", 0, "A-5-5")).reason()).isEqualTo("show_started");
        assertThat(seats.harness().deadLetters()).isEmpty();
        tellTheTime();
        letTimePass();
        assertThat(entriesOf(SHOW)).isZero();
    }

    @Test
    void seats_of_past_shows_are_deleted_in_turns_and_once() {
        try (BookStore store = new BookStore()) {
            long nowMs = OVER_AT.toEpochMilli();
            StoreBook book = new StoreBook(store.store(), 1, Long.MAX_VALUE);
            book.putShow(SeatHarness.show(10, 10));
            book.putShow(later());
            for (int i = 0; i < 25; i++) {
                book.putHoldings(SHOW, "user" + i, new Holdings(1, List.of(new UUID(1, i))));
                book.putHoldings(LATER_SHOW, "user" + i, new Holdings(1, List.of(new UUID(1, i))));
            }
            assertThat(book.past().isDue(nowMs - 1)).isFalse();
            List<PastShows.Deleted> turns = new ArrayList<>();
            do {
                turns.add(book.past().forget(nowMs, 10));
            } while (turns.getLast().entries() > 0);

            assertThat(turns)
                    .containsExactly(
                            new PastShows.Deleted(10, 0, 0),
                            new PastShows.Deleted(10, 0, 0),
                            new PastShows.Deleted(6, 1, 0),
                            PastShows.Deleted.NOTHING);
            assertThat(book.past().isDue(nowMs)).isFalse();
            assertThat(new StoreBook(store.store(), 1, Long.MAX_VALUE).past().isDue(nowMs))
                    .as("after a restart")
                    .isFalse();
            assertThat(book.holdings(LATER_SHOW, "user7").seats()).isEqualTo(1);
        }
    }

    @Test
    void the_clock_alone_writes_nothing_into_a_store_without_shows() {
        // Its changelog would have records without an offset that was committed, which the next start takes for a loss.
        seats.wait(Duration.ofSeconds(5));

        try (KeyValueIterator<Bytes, byte[]> entries = seats.store().all()) {
            assertThat(entries.hasNext()).isFalse();
        }
    }

    @Test
    void shows_that_begin_later_keep_theirs() {
        sellTwo();
        seats.create(later());
        SeatCommand.Hold hold = new SeatCommand.Hold(
                new UUID(9, 9), LATER_SHOW, "ann", seats.hold("ann", 0, "A-1-1").seats(), 0);
        assertThat(seats.decide(hold).accepted()).isTrue();
        assertThat(seats.decide(new SeatCommand.Confirm(new UUID(9, 10), LATER_SHOW, "ann", hold.commandId()))
                        .accepted())
                .isTrue();
        int before = entriesOf(LATER_SHOW);

        seats.wait(Duration.between(Facts.NOW, FORGOTTEN_AT));
        letTimePass();

        assertThat(entriesOf(SHOW)).isZero();
        assertThat(entriesOf(LATER_SHOW)).isEqualTo(before);
    }

    @Test
    void a_command_is_answered_alike_however_much_of_its_show_has_been_deleted() {
        UUID reservation = sellTwo();
        seats.at(FORGOTTEN_AT.minusMillis(1));
        assertThat(seats.decide(seats.hold("bob", 0, "A-5-5")).reason()).isEqualTo("show_started");
        assertThat(seats.decide(seats.release("ann", reservation)).reason()).isEqualTo("already_confirmed");

        seats.at(FORGOTTEN_AT);
        assertThat(entriesOf(SHOW)).isPositive();
        assertThat(seats.decide(seats.hold("bob", 0, "A-5-5")).reason()).isEqualTo("unknown_show");
        assertThat(seats.decide(seats.release("ann", reservation)).reason()).isEqualTo("unknown_show");
        letTimePass();
        assertThat(entriesOf(SHOW)).isZero();
        assertThat(seats.decide(seats.hold("bob", 0, "A-5-5")).reason()).isEqualTo("unknown_show");
        assertThat(seats.decide(seats.release("ann", reservation)).reason()).isEqualTo("unknown_show");
        assertThat(seats.harness().deadLetters()).isEmpty();
    }

    @Test
    void a_show_whose_fact_comes_again_afterwards_sells_nothing_and_is_forgotten_again() {
        sellTwo();
        tellTheTime();
        letTimePass();
        assertThat(entriesOf(SHOW)).isZero();

        seats.create(SeatHarness.show(10, 10));
        assertThat(seats.decide(seats.hold("bob", 0, "A-1-1")).accepted()).isFalse();
        letTimePass();

        assertThat(entriesOf(SHOW)).isZero();
    }

    @Test
    void a_restart_in_the_middle_of_the_deletion_goes_on_with_it() {
        seats.create(SeatHarness.show(10, 10));
        for (int row = 1; row <= 10; row++) {
            for (int number = 1; number <= 10; number += 2) {
                String user = "user" + row + "-" + number;
                SeatCommand.Hold hold = seats.hold(user, 0, "A-" + row + "-" + number, "A-" + row + "-" + (number + 1));
                assertThat(seats.decide(hold).accepted()).isTrue();
                assertThat(seats.decide(seats.confirm(user, hold.commandId())).accepted())
                        .isTrue();
            }
        }
        seats.at(FORGOTTEN_AT);
        seats.create(later());
        PastShows past = new PastShows(seats.store(), FORGET_AFTER.toMillis());
        assertThat(past.forget(FORGOTTEN_AT.toEpochMilli(), 70)).isEqualTo(new PastShows.Deleted(70, 0, 0));
        seats.restart();

        tellTheTime();
        letTimePass();

        assertThat(entriesOf(SHOW)).isZero();
        assertThat(entriesOf(LATER_SHOW)).isPositive();
    }

    @Test
    void a_turn_deletes_no_more_than_it_may_and_the_next_one_goes_on_where_it_ended() {
        try (BookStore store = new BookStore()) {
            StoreBook book = new StoreBook(store.store(), 1, 10);
            book.putShow(SeatHarness.show(10, 10));
            for (int i = 0; i < 25; i++) {
                book.putHoldings(SHOW, "user" + i, new Holdings(1, List.of(new UUID(1, i))));
            }
            long now = STARTS_AT.toEpochMilli() + 10;
            List<PastShows.Deleted> turns = new ArrayList<>();
            do {
                turns.add(book.past().forget(now, 10));
            } while (turns.getLast().entries() > 0);

            // Holdings, and at last the show itself.
            assertThat(turns)
                    .containsExactly(
                            new PastShows.Deleted(10, 0, 0),
                            new PastShows.Deleted(10, 0, 0),
                            new PastShows.Deleted(6, 0, 1),
                            PastShows.Deleted.NOTHING);
            try (KeyValueIterator<Bytes, byte[]> all = store.store().all()) {
                assertThat(all.hasNext()).isFalse();
            }
        }
    }

    @Test
    void shows_that_a_version_before_has_put_into_the_store_are_forgotten_too() {
        sellTwo();
        List<Bytes> noted = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> all = seats.store().all()) {
            all.forEachRemaining(entry -> {
                if (entry.key.get()[0] == 'b' || entry.key.get()[0] == 'n') {
                    noted.add(entry.key);
                }
            });
        }
        assertThat(noted).hasSize(2);
        noted.forEach(key -> seats.store().delete(key));
        seats.restart();

        tellTheTime();
        letTimePass();

        assertThat(entriesOf(SHOW)).isZero();
    }

    @Test
    void what_is_kept_for_less_than_its_answers_is_refused() {
        assertThatThrownBy(() -> new SeatSettings(
                        1,
                        100_000,
                        Duration.ofMillis(100),
                        1,
                        Duration.ofHours(24),
                        Duration.ofHours(49),
                        Duration.ofMillis(25),
                        25,
                        Duration.ofMillis(100)))
                .hasMessageContaining("forgetAfter: PT49H, expected at least PT50H");
    }

    /** Two seats of Ann's, of which the second reservation is confirmed, and a refused command of Bob's. */
    private UUID sellTwo() {
        seats.create(SeatHarness.show(10, 10));
        SeatCommand.Hold held = seats.hold("ann", 0, "A-1-1");
        SeatCommand.Hold sold = seats.hold("ann", 0, "A-1-2");
        assertThat(seats.decide(held).accepted()).isTrue();
        assertThat(seats.decide(sold).accepted()).isTrue();
        assertThat(seats.decide(seats.confirm("ann", sold.commandId())).accepted())
                .isTrue();
        assertThat(seats.decide(seats.hold("bob", 0, "A-1-2")).accepted()).isFalse();
        return sold.commandId();
    }

    /** By a command: the log's time is that of what stands in it. */
    private void tellTheTime() {
        tellTheTime(FORGOTTEN_AT, "unknown_show");
    }

    private void tellTheTime(Instant time, String reason) {
        seats.at(time);
        assertThat(seats.decide(seats.hold("bob", 0, "A-5-5")).reason()).isEqualTo(reason);
    }

    /** More turns of the task's clock than all deletions here take. */
    private void letTimePass() {
        for (int i = 0; i < 15; i++) {
            seats.wait(Duration.ofSeconds(6));
        }
    }

    private static Show later() {
        return new Show(
                LATER_SHOW,
                "organizer",
                "Another show",
                STARTS_AT.plus(Duration.ofDays(3)),
                List.of(new Section("A", 10, 10, BigDecimal.TEN)),
                60,
                600,
                4);
    }

    private int entriesOf(UUID show) {
        return entriesOf(show, ALL_BUT_ANSWERS);
    }

    /** How many entries of these kinds name a show. */
    private int entriesOf(UUID show, String kinds) {
        String id = show.toString().replace("-", "");
        int count = 0;
        try (KeyValueIterator<Bytes, byte[]> all = seats.store().all()) {
            while (all.hasNext()) {
                byte[] key = all.next().key.get();
                if (kinds.indexOf(key[0]) >= 0 && HexFormat.of().formatHex(key).contains(id)) {
                    count++;
                }
            }
        }
        return count;
    }
}
