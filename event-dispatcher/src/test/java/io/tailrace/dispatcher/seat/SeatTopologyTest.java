package io.tailrace.dispatcher.seat;

import static io.tailrace.dispatcher.seat.SeatHarness.SHOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.seat.CommandFingerprint;
import io.tailrace.contracts.seat.SeatCommand;
import io.tailrace.contracts.seat.SeatEvents.DecisionMade;
import io.tailrace.contracts.seat.Show;
import io.tailrace.dispatcher.testing.Facts;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What each command leads to, in the topology that production runs. */
class SeatTopologyTest {
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
    void a_hold_is_answered_and_told_to_those_who_look_and_to_its_holder() {
        SeatCommand hold = seats.hold("ann", 0, "A-1-1", "A-1-2");

        DecisionMade made = seats.decide(hold);

        assertThat(made.accepted()).isTrue();
        assertThat(made.repeated()).isFalse();
        assertThat(made.commandId()).isEqualTo(hold.commandId());
        assertThat(made.fingerprint()).isEqualTo(CommandFingerprint.text(CommandFingerprint.of(hold)));
        assertThat(made.reservation()).satisfies(reservation -> {
            assertThat(reservation.id()).isEqualTo(hold.commandId());
            assertThat(reservation.state()).isEqualTo("held");
            assertThat(reservation.userId()).isEqualTo("ann");
            assertThat(reservation.seats()).containsExactly("A-1-1", "A-1-2");
            assertThat(reservation.expiresAt()).isEqualTo(Facts.NOW.plusSeconds(SeatHarness.HOLD_SECONDS));
        });
        assertThat(seats.showChannel()).containsExactly("seat_held [A-1-1, A-1-2]");
        assertThat(seats.userChannels()).containsExactly("user:ann reservation_held");
    }

    @Test
    void the_show_s_channel_does_not_name_the_holder() {
        seats.decide(seats.hold("ann", 0, "A-1-1"));

        TestRecord<byte[], byte[]> told =
                seats.harness().output("tailrace.channels.show").readRecord();
        assertThat(Facts.text(told.key())).isEqualTo("show:" + SHOW);
        assertThat(Facts.text(told.value())).isEqualTo("{\"seats\":[\"A-1-1\"]}");
    }

    @Test
    void seats_that_are_not_free_are_named_and_none_of_the_others_is_held() {
        seats.decide(seats.hold("ann", 0, "A-1-2", "A-1-3"));
        seats.showChannel();
        seats.userChannels();

        DecisionMade refused = seats.decide(seats.hold("bob", 0, "A-1-1", "A-1-2", "A-1-3"));

        assertThat(refused.accepted()).isFalse();
        assertThat(refused.reason()).isEqualTo("not_free");
        assertThat(refused.seats()).containsExactly("A-1-2", "A-1-3");
        assertThat(refused.reservation()).isNull();
        assertThat(seats.showChannel()).isEmpty();
        assertThat(seats.userChannels()).containsExactly("user:bob reservation_refused");
        assertThat(seats.decide(seats.hold("bob", 0, "A-1-1")).accepted()).isTrue();
    }

    @Test
    void a_hold_is_confirmed_once_and_for_good() {
        UUID id = held("ann", "A-1-1");

        DecisionMade confirmed = seats.decide(seats.confirm("ann", id));

        assertThat(state(confirmed)).isEqualTo("confirmed");
        assertThat(seats.showChannel()).containsExactly("seat_confirmed [A-1-1]");
        assertThat(seats.userChannels()).containsExactly("user:ann reservation_confirmed");
        assertThat(reason(seats.confirm("ann", id))).isEqualTo("already_confirmed");
        assertThat(reason(seats.release("ann", id))).isEqualTo("already_confirmed");
        assertThat(reason(seats.hold("bob", 0, "A-1-1"))).isEqualTo("not_free");
    }

    @Test
    void a_hold_that_is_given_back_is_free_for_the_next() {
        UUID id = held("ann", "A-1-1");

        DecisionMade released = seats.decide(seats.release("ann", id));

        assertThat(state(released)).isEqualTo("released");
        assertThat(seats.showChannel()).containsExactly("seat_released [A-1-1]");
        assertThat(seats.userChannels()).containsExactly("user:ann reservation_released");
        assertThat(reason(seats.confirm("ann", id))).isEqualTo("already_released");
        assertThat(reason(seats.release("ann", id))).isEqualTo("already_released");
        assertThat(seats.decide(seats.hold("bob", 0, "A-1-1")).accepted()).isTrue();
    }

    @Test
    void somebody_else_s_reservation_is_as_unknown_as_one_that_never_was() {
        UUID id = held("ann", "A-1-1");

        assertThat(reason(seats.confirm("bob", id))).isEqualTo("unknown_reservation");
        assertThat(reason(seats.release("bob", id))).isEqualTo("unknown_reservation");
        assertThat(reason(seats.confirm("ann", new UUID(1, 1)))).isEqualTo("unknown_reservation");
        assertThat(seats.decide(seats.confirm("ann", id)).accepted()).isTrue();
    }

    @Test
    void a_hold_that_makes_no_sense_is_refused_with_its_reason() {
        assertThat(reason(seats.hold("ann", 0, "B-1-1"))).isEqualTo("unknown_seats");
        assertThat(reason(seats.hold("ann", 0, "A-11-1"))).isEqualTo("unknown_seats");
        assertThat(reason(seats.hold("ann", 0))).isEqualTo("unknown_seats");
        assertThat(reason(seats.hold("ann", 0, "A-1-1", "A-1-1"))).isEqualTo("unknown_seats");
        assertThat(reason(seats.hold("ann", 601, "A-1-1"))).isEqualTo("hold_too_long");
        assertThat(reason(seats.hold("ann", 31_536_000, "A-1-1"))).isEqualTo("hold_too_long");
        assertThat(reason(seats.hold("ann", -1, "A-1-1"))).isEqualTo("hold_too_long");
        assertThat(reason(seats.hold("ann", 0, "A-1-1", "A-1-2", "A-1-3", "A-1-4", "A-1-5")))
                .isEqualTo("too_many_seats");
        assertThat(seats.showChannel()).isEmpty();
    }

    @Test
    void the_unknown_seats_are_named() {
        assertThat(seats.decide(seats.hold("ann", 0, "A-1-1", "A-1-11", "C-1-1"))
                        .seats())
                .containsExactly("A-1-11", "C-1-1");
    }

    @Test
    void a_person_has_at_most_as_many_seats_as_the_show_allows() {
        held("ann", "A-1-1", "A-1-2", "A-1-3");

        assertThat(reason(seats.hold("ann", 0, "A-2-1", "A-2-2"))).isEqualTo("too_many_seats");
        assertThat(seats.decide(seats.hold("ann", 0, "A-2-1")).accepted()).isTrue();
        assertThat(seats.decide(seats.hold("bob", 0, "A-3-1", "A-3-2")).accepted())
                .isTrue();
    }

    @Test
    void from_its_start_on_nothing_is_held_or_confirmed_but_holds_can_be_given_back() {
        seats.at(SeatHarness.STARTS_AT.minusMillis(1));
        UUID id = held("ann", "A-1-1");

        seats.at(SeatHarness.STARTS_AT);

        assertThat(reason(seats.hold("bob", 0, "A-1-2"))).isEqualTo("show_started");
        assertThat(reason(seats.confirm("ann", id))).isEqualTo("show_started");
        assertThat(seats.decide(seats.release("ann", id)).accepted()).isTrue();
    }

    @Test
    void a_show_that_is_not_known_is_said_to_be_so() {
        SeatCommand unknown = new SeatCommand.Confirm(new UUID(5, 1), new UUID(5, 2), "ann", new UUID(5, 3));

        assertThat(reason(unknown)).isEqualTo("unknown_show");
    }

    @Test
    void the_first_fact_about_a_show_counts() {
        seats.create(SeatHarness.show(1, 1));

        assertThat(seats.decide(seats.hold("ann", 0, "A-10-10")).accepted()).isTrue();
    }

    @Test
    void a_command_that_comes_again_gets_its_first_answer_again_and_nothing_else_happens() {
        SeatCommand.Hold hold = seats.hold("ann", 0, "A-1-1");
        SeatCommand refused = seats.hold("bob", 0, "A-1-1");
        SeatCommand confirm = seats.confirm("ann", hold.commandId());
        List<SeatCommand> all = List.of(hold, refused, confirm);
        List<DecisionMade> first = all.stream().map(seats::decide).toList();
        seats.showChannel();
        seats.userChannels();
        seats.at(Facts.NOW.plus(SeatHarness.RETENTION));
        seats.restart();

        List<DecisionMade> second = all.stream().map(seats::decide).toList();

        assertThat(second).allMatch(DecisionMade::repeated);
        assertThat(second)
                .usingRecursiveFieldByFieldElementComparatorIgnoringFields("repeated")
                .isEqualTo(first);
        assertThat(seats.showChannel()).isEmpty();
        assertThat(seats.userChannels()).isEmpty();
    }

    @Test
    void another_command_under_the_same_id_is_refused_and_the_first_answer_stays() {
        SeatCommand.Hold hold = seats.hold("ann", 0, "A-1-1");
        DecisionMade first = seats.decide(hold);
        SeatCommand otherSeats = new SeatCommand.Hold(
                hold.commandId(), SHOW, "ann", seats.hold("", 0, "A-1-2").seats(), 0);
        SeatCommand otherTime = new SeatCommand.Hold(hold.commandId(), SHOW, "ann", hold.seats(), 30);
        SeatCommand otherAction = new SeatCommand.Confirm(hold.commandId(), SHOW, "ann", hold.commandId());

        for (SeatCommand other : List.of(otherSeats, otherTime, otherAction)) {
            DecisionMade refused = seats.decide(other);
            assertThat(refused.reason()).isEqualTo("key_reused");
            assertThat(refused.fingerprint()).isNotEqualTo(first.fingerprint());
        }
        assertThat(seats.decide(hold).reservation()).isEqualTo(first.reservation());
        assertThat(reason(seats.hold("bob", 0, "A-1-1"))).isEqualTo("not_free");
    }

    @Test
    void an_answer_and_a_refusal_of_a_reused_key_are_events_of_their_own() {
        SeatCommand.Hold hold = seats.hold("ann", 0, "A-1-1");
        seats.send(hold);
        seats.send(hold);
        seats.send(new SeatCommand.Hold(hold.commandId(), SHOW, "ann", hold.seats(), 30));

        List<String> ids =
                seats.events().stream().map(r -> Facts.header(r, "ce_id")).toList();

        assertThat(ids.subList(0, 2)).containsOnly(hold.commandId().toString());
        assertThat(UUID.fromString(ids.get(2)).version()).isEqualTo(7);
        assertThat(UUID.fromString(ids.get(2)).variant()).isEqualTo(2);
        assertThat(ids.get(2)).isNotEqualTo(ids.get(0));
    }

    @Test
    void answers_are_forgotten_when_their_time_is_over_but_an_accepted_hold_never_comes_to_life_again() {
        SeatCommand.Hold hold = seats.hold("ann", 1, "A-1-1");
        SeatCommand refused = seats.hold("bob", 0, "A-1-1");
        seats.decide(hold);
        seats.decide(refused);
        int entries = entries();

        seats.at(Facts.NOW.plus(SeatHarness.RETENTION.multipliedBy(2)));
        seats.decide(seats.hold("eve", 0, "B-1-1"));
        seats.wait(Duration.ofMillis(100));

        assertThat(entries()).as("one came, one went").isLessThanOrEqualTo(entries);
        assertThat(seats.decide(hold).repeated()).isTrue();
        seats.userChannels();
        assertThat(seats.decide(refused).repeated()).as("forgotten").isFalse();
        assertThat(seats.userChannels())
                .isEqualTo(List.of("user:ann reservation_expired", "user:bob reservation_held"));
    }

    private int entries() {
        int entries = 0;
        try (var all = seats.store().all()) {
            while (all.hasNext()) {
                all.next();
                entries++;
            }
        }
        return entries;
    }

    private UUID held(String user, String... names) {
        SeatCommand hold = seats.hold(user, 0, names);
        assertThat(seats.decide(hold).accepted()).isTrue();
        seats.showChannel();
        seats.userChannels();
        return hold.commandId();
    }

    private static String state(DecisionMade made) {
        return Objects.requireNonNull(made.reservation()).state();
    }

    private String reason(SeatCommand command) {
        return String.valueOf(seats.decide(command).reason());
    }

    @Test
    void a_show_with_as_many_seats_as_there_may_be_is_one_entry_and_one_of_its_start() {
        UUID large = new UUID(0x0197_0000_0000_7000L, 0x8000_0000_0000_0002L);
        Show show = SeatHarness.show(200, 1000);
        int before = entries();

        seats.create(new Show(
                large,
                "organizer",
                "Large",
                show.startsAt(),
                show.sections(),
                60,
                600,
                SeatHarness.MAX_SEATS_PER_USER));

        assertThat(entries()).isEqualTo(before + 2);
    }

    @Test
    void that_a_show_is_not_known_is_no_decision_and_the_command_is_decided_when_it_comes_again() {
        try (SeatHarness fresh = new SeatHarness()) {
            SeatCommand hold = fresh.hold("ann", 0, "A-1-1");

            DecisionMade unknown = fresh.decide(hold);
            fresh.create(SeatHarness.show(10, 10));
            DecisionMade decided = fresh.decide(hold);

            assertThat(unknown.reason()).isEqualTo("unknown_show");
            assertThat(decided.accepted()).isTrue();
            assertThat(decided.repeated()).isFalse();
            assertThat(fresh.showChannel()).containsExactly("seat_held [A-1-1]");
        }
    }
}
