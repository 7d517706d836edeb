package io.tailrace.dispatcher.seat;

import static io.tailrace.dispatcher.seat.SeatHarness.HOLD_SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.seat.SeatCommand;
import io.tailrace.contracts.seat.SeatEvents;
import io.tailrace.contracts.seat.SeatEvents.ReservationChanged;
import io.tailrace.dispatcher.testing.Facts;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every hold ends, at its time, also when nobody comes by and when the dispatcher was away. */
class HoldExpiryTest {
    private static final Instant END = Facts.NOW.plusSeconds(HOLD_SECONDS);

    private final SeatHarness seats = new SeatHarness();

    @BeforeEach
    void a_show() {
        seats.create(SeatHarness.show(10, 10));
    }

    @AfterEach
    void close() {
        seats.close();
    }

    @Test
    void a_hold_that_nobody_touches_ends_at_its_time_and_not_before() {
        UUID id = held("ann", "A-1-1", "A-1-2");

        seats.wait(Duration.ofSeconds(HOLD_SECONDS).minusMillis(1));
        assertThat(seats.showChannel()).isEmpty();
        seats.wait(Duration.ofMillis(100));

        assertThat(seats.showChannel()).containsExactly("seat_expired [A-1-1, A-1-2]");
        assertThat(seats.userChannels()).containsExactly("user:ann reservation_expired");
        assertThat(seats.events()).singleElement().satisfies(event -> {
            assertThat(Facts.header(event, "ce_type")).isEqualTo(SeatEvents.RESERVATION_EXPIRED);
            assertThat(SeatHarness.read(event, ReservationChanged.class).id()).isEqualTo(id);
            assertThat(SeatHarness.read(event, ReservationChanged.class).state())
                    .isEqualTo("expired");
        });
        seats.wait(Duration.ofHours(1));
        assertThat(seats.showChannel()).as("once").isEmpty();
    }

    @Test
    void a_hold_ends_at_its_time_after_a_restart() {
        held("ann", "A-1-1");
        seats.restart();

        // The new driver's wall clock begins where the first one began.
        seats.wait(Duration.ofSeconds(HOLD_SECONDS).minusMillis(1));
        assertThat(seats.showChannel()).isEmpty();
        seats.wait(Duration.ofMillis(100));

        assertThat(seats.showChannel()).containsExactly("seat_expired [A-1-1]");
    }

    @Test
    void more_holds_than_end_in_one_turn_all_end() {
        for (int row = 1; row <= 8; row++) {
            held("user" + row, "A-" + row + "-1");
        }

        seats.wait(Duration.ofSeconds(HOLD_SECONDS + 1));

        assertThat(seats.showChannel()).hasSize(8).allMatch(line -> line.startsWith("seat_expired"));
    }

    @Test
    void a_seat_is_free_for_the_next_from_the_moment_on_that_the_log_says_so() {
        held("ann", "A-1-1");
        seats.at(END.minusMillis(1));
        assertThat(seats.decide(seats.hold("bob", 0, "A-1-1")).reason()).isEqualTo("not_free");
        seats.userChannels();

        seats.at(END);
        assertThat(seats.decide(seats.hold("bob", 0, "A-1-1")).accepted()).isTrue();

        assertThat(seats.showChannel()).containsExactly("seat_expired [A-1-1]", "seat_held [A-1-1]");
        assertThat(seats.userChannels()).containsExactly("user:ann reservation_expired", "user:bob reservation_held");
    }

    @Test
    void a_confirmation_in_time_is_accepted_and_one_at_the_end_is_not() {
        UUID first = held("ann", "A-1-1");
        UUID second = held("ann", "A-1-2");

        seats.at(END.minusMillis(1));
        assertThat(seats.decide(seats.confirm("ann", first)).accepted()).isTrue();
        seats.at(END);
        assertThat(seats.decide(seats.confirm("ann", second)).reason()).isEqualTo("expired");

        seats.wait(Duration.ofSeconds(HOLD_SECONDS + 1));
        assertThat(seats.showChannel()).containsExactly("seat_confirmed [A-1-1]", "seat_expired [A-1-2]");
    }

    @Test
    void a_confirmation_that_stood_in_the_log_in_time_counts_even_if_the_dispatcher_comes_back_much_later() {
        UUID id = held("ann", "A-1-1");
        seats.restart();
        seats.at(END.minusMillis(1));

        // The log has the confirmation; by the wall clock of the one who reads it, the hold has long run out. The word
        // that time has passed stands behind it in the log.
        assertThat(seats.decide(seats.confirm("ann", id)).accepted()).isTrue();
        seats.wait(Duration.ofHours(1));

        assertThat(seats.showChannel()).containsExactly("seat_confirmed [A-1-1]");
    }

    @Test
    void a_person_s_own_hold_that_has_run_out_does_not_count_against_them() {
        held("ann", "A-1-1", "A-1-2", "A-1-3", "A-1-4");

        seats.at(END);

        assertThat(seats.decide(seats.hold("ann", 0, "A-2-1", "A-2-2", "A-2-3", "A-2-4"))
                        .accepted())
                .isTrue();
    }

    @Test
    void time_does_not_run_backwards_after_a_restart_so_that_a_hold_lives_again() {
        UUID ended = held("ann", "A-1-1");
        UUID notToldYet = held("ann", "A-1-2");
        seats.at(END);
        assertThat(seats.decide(seats.confirm("ann", ended)).reason()).isEqualTo("expired");
        seats.restart();

        // A broker whose clock is behind leads now.
        seats.at(END.minusSeconds(30));

        assertThat(seats.decide(seats.confirm("ann", ended)).reason()).isEqualTo("expired");
        assertThat(seats.decide(seats.confirm("ann", notToldYet)).reason()).isEqualTo("expired");
    }

    @Test
    void a_seat_that_was_confirmed_or_given_back_does_not_expire() {
        UUID confirmed = held("ann", "A-1-1");
        UUID released = held("ann", "A-1-2");
        seats.decide(seats.confirm("ann", confirmed));
        seats.decide(seats.release("ann", released));
        seats.showChannel();

        seats.wait(Duration.ofSeconds(HOLD_SECONDS * 2L));

        assertThat(seats.showChannel()).isEmpty();
        assertThat(seats.events()).isEmpty();
    }

    @Test
    void a_quiet_show_writes_nothing_to_its_log() {
        held("ann", "A-1-1");
        var commands = seats.harness().output("commands");

        seats.wait(Duration.ofSeconds(HOLD_SECONDS / 2));
        assertThat(commands.isEmpty()).isTrue();
        seats.wait(Duration.ofSeconds(HOLD_SECONDS));

        List<String> words = commands.readRecordsToList().stream()
                .map(r -> Facts.header(r, "ce_type"))
                .toList();
        assertThat(words).containsExactly(SeatEvents.TIME_PASSED);
    }

    private UUID held(String user, String... names) {
        SeatCommand hold = seats.hold(user, 0, names);
        assertThat(seats.decide(hold).accepted()).isTrue();
        seats.showChannel();
        seats.userChannels();
        return hold.commandId();
    }
}
