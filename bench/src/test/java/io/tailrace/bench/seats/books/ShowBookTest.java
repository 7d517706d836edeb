package io.tailrace.bench.seats.books;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ShowBookTest {
    private static final UUID ONE = new UUID(1, 1);
    private static final UUID TWO = new UUID(2, 2);

    private final ShowBook book = new ShowBook();

    @Test
    void a_sound_history_has_no_faults() {
        // when
        book.decided(hold(ONE, "A-1-1"));
        book.changed(new Reservation(ONE, "expired", List.of("A-1-1")));
        book.decided(hold(TWO, "A-1-1"));
        book.changed(new Reservation(TWO, "confirmed", List.of("A-1-1")));
        // then
        assertThat(book.faults()).isEmpty();
        assertThat(book.taken()).isEqualTo(Map.of("A-1-1", "confirmed"));
        assertThat(book.steps()).hasSize(4);
    }

    @Test
    void a_seat_that_is_given_twice_is_found() {
        // given
        book.decided(hold(ONE, "A-1-1"));
        // when
        book.decided(hold(TWO, "A-1-1"));
        // then
        assertThat(book.faults()).singleElement().asString().contains("the seat A-1-1", "was given to " + TWO);
    }

    @Test
    void a_confirmed_seat_that_becomes_free_is_found() {
        // given
        book.decided(hold(ONE, "A-1-1"));
        book.changed(new Reservation(ONE, "confirmed", List.of("A-1-1")));
        // when
        book.changed(new Reservation(ONE, "expired", List.of("A-1-1")));
        // then
        assertThat(book.faults()).hasSize(1);
    }

    @Test
    void a_second_decision_that_is_not_marked_as_a_repetition_is_found() {
        // given
        book.decided(hold(ONE, "A-1-1"));
        // when
        book.decided(hold(ONE, "A-1-1"));
        // then
        assertThat(book.faults()).singleElement().asString().contains("was decided twice");
    }

    @Test
    void a_repetition_that_says_the_same_is_sound() {
        // given
        book.decided(hold(ONE, "A-1-1"));
        // when
        book.decided(new Decision(ONE, true, null, new Reservation(ONE, "held", List.of("A-1-1"))));
        // then
        assertThat(book.faults()).isEmpty();
    }

    @Test
    void a_hold_that_never_ends_is_counted() {
        // when
        book.decided(hold(ONE, "A-1-1"));
        // then
        assertThat(book.count("held")).isEqualTo(1);
    }

    private static Decision hold(UUID id, String seat) {
        return new Decision(id, false, null, new Reservation(id, "held", List.of(seat)));
    }
}
