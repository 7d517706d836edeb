package io.tailrace.projections.seat;

import static io.tailrace.projections.testing.RunningProjections.publish;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.seat.Reservation;
import io.tailrace.contracts.seat.Reservation.State;
import io.tailrace.contracts.seat.SeatCommand;
import io.tailrace.contracts.seat.SeatDecision;
import io.tailrace.contracts.seat.SeatDecision.Reason;
import io.tailrace.contracts.seat.SeatEvents;
import io.tailrace.contracts.seat.SeatEvents.DecisionMade;
import io.tailrace.contracts.seat.SeatEvents.HoldRequested;
import io.tailrace.contracts.seat.SeatEvents.ReservationChanged;
import io.tailrace.contracts.seat.SeatEvents.SeatsChanged;
import io.tailrace.contracts.seat.SeatId;
import io.tailrace.contracts.seat.Section;
import io.tailrace.contracts.seat.Show;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.projections.testing.RunningProjections;
import io.tailrace.projections.testing.TestBroker;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("server")
class SeatCopiesTest {
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");

    private static RunningProjections projections;

    private final UUID show = UUID.randomUUID();

    @BeforeAll
    static void start() {
        projections = new RunningProjections(Map.of());
    }

    @AfterAll
    static void stop() {
        projections.close();
    }

    @Test
    void copies_a_show_with_its_sections_in_order() {
        Show wanted = new Show(
                show,
                "o1",
                "Grüße",
                AT,
                List.of(new Section("B", 2, 3, new BigDecimal("12.50")), new Section("A", 1, 1, BigDecimal.ZERO)),
                60,
                120,
                4);

        publish(Topics.SHOWS, show, SeatEvents.SHOW_CREATED, wanted);

        projections.eventually(
                "select organizer_id, name, starts_at::text, sections, hold_seconds, max_hold_seconds,"
                        + " max_seats_per_user from shows where id = '" + show + "'",
                "o1|Grüße|2026-01-02 03:04:05.678+00|"
                        + "[{\"name\":\"B\",\"rows\":2,\"seats_per_row\":3,\"price\":12.50},"
                        + "{\"name\":\"A\",\"rows\":1,\"seats_per_row\":1,\"price\":0}]|60|120|4");
    }

    @Test
    void copies_a_request_to_hold_once_however_often_it_was_sent() {
        UUID id = UUID.randomUUID();
        HoldRequested first = new HoldRequested(id, show, "u1", List.of("A-1-1", "A-1-2"), 0);
        HoldRequested again = new HoldRequested(id, show, "u1", List.of("A-1-3"), 0);

        publish(Topics.SEAT_COMMANDS, show, SeatEvents.HOLD_REQUESTED, first);
        publish(Topics.SEAT_COMMANDS, show, SeatEvents.HOLD_REQUESTED, again);
        publish(Topics.SEAT_COMMANDS, "clock/0", SeatEvents.TIME_PASSED, Map.of());
        publish(Topics.SEAT_COMMANDS, show, SeatEvents.HOLD_REQUESTED, hold(UUID.randomUUID(), "u2"));

        projections.eventually(
                "select user_id, seats from hold_requests where show_id = '" + show + "' order by user_id",
                "u1|{A-1-1,A-1-2}",
                "u2|{A-1-1}");
    }

    @Test
    void copies_a_reservation_through_its_states() {
        Reservation held = reservation("A-1-1", "A-1-2");
        String rows = "select state, reason, seats, expires_at::text from reservations where id = '" + held.id() + "'";
        decided(accepted(held));
        projections.eventually(rows, "held|null|{A-1-1,A-1-2}|2026-01-02 03:04:05.678+00");

        decided(accepted(held.in(State.CONFIRMED)));

        projections.eventually(rows, "confirmed|null|{A-1-1,A-1-2}|2026-01-02 03:04:05.678+00");
        projections.eventually(
                "select seat from confirmed_seats where show_id = '" + show + "' order by seat", "A-1-1", "A-1-2");
    }

    @Test
    void copies_a_hold_that_ran_out() {
        Reservation held = reservation("A-1-1");
        decided(accepted(held));

        publish(
                Topics.SEAT_EVENTS,
                show,
                SeatEvents.RESERVATION_EXPIRED,
                ReservationChanged.of(held.in(State.EXPIRED)));

        projections.eventually("select state from reservations where id = '" + held.id() + "'", "expired");
    }

    @Test
    void copies_a_refused_hold_and_neither_repeats_nor_refusals_of_anything_else() {
        Reservation held = reservation("A-1-1");
        decided(accepted(held));
        decided(accepted(held.in(State.RELEASED)));
        decided(DecisionMade.of(command(held.id()), new SeatDecision.Accepted(held.id(), held), true));
        decided(refused(held.id(), Reason.KEY_REUSED));
        decided(refused(UUID.randomUUID(), Reason.ALREADY_RELEASED));
        decided(refused(UUID.randomUUID(), Reason.NOT_FREE));

        projections.eventually(
                "select state, reason, seats from reservations where show_id = '" + show + "' order by state",
                "refused|not_free|{A-1-1}",
                "released|null|{A-1-1}");
    }

    @Test
    void a_seat_that_is_sold_twice_is_a_dead_letter_that_names_the_alarm() {
        Reservation first = reservation("A-1-1");
        Reservation second = reservation("A-1-1");

        decided(accepted(first.in(State.CONFIRMED)));
        decided(accepted(second.in(State.CONFIRMED)));
        decided(accepted(reservation("A-1-2").in(State.CONFIRMED)));

        projections.eventually(
                "select reservation_id from confirmed_seats where show_id = '" + show + "' and seat = 'A-1-1'",
                first.id().toString());
        projections.eventually("select count(*) from confirmed_seats where show_id = '" + show + "'", "2");
        Eventually.holds("a dead letter", () -> TestBroker.shared().records(Topics.DEAD_LETTERS).stream()
                .map(letter -> header(letter, "dead_letter_reason"))
                .anyMatch(reason -> reason.contains("a_seat_is_sold_once")));
    }

    @Test
    void copies_which_seats_are_not_free() {
        String channel = "show:" + show;
        String topic = "tailrace.channels.show";
        publish(topic, channel, "seat_held", new SeatsChanged(List.of("A-1-1", "A-1-2", "A-1-3")));
        publish(topic, channel, "seat_held", new SeatsChanged(List.of("A-1-4")));
        publish(topic, channel, "seat_confirmed", new SeatsChanged(List.of("A-1-1")));
        publish(topic, channel, "seat_released", new SeatsChanged(List.of("A-1-2", "A-1-3")));
        publish(topic, channel, "seat_held", new SeatsChanged(List.of("A-1-3")));
        publish(topic, channel, "seat_expired", new SeatsChanged(List.of("A-1-4")));

        projections.eventually(
                "select seat, state from taken_seats where show_id = '" + show + "' order by seat",
                "A-1-1|confirmed",
                "A-1-3|held");
    }

    @Test
    void what_is_no_decision_is_a_dead_letter_and_the_rest_goes_on() {
        int before = TestBroker.shared().records(Topics.DEAD_LETTERS).size();
        publish(Topics.SEAT_EVENTS, show, SeatEvents.DECISION_MADE, Map.of("command_id", "x"));
        publish(Topics.SEAT_EVENTS, show, SeatEvents.DECISION_MADE, Map.of("show_id", UUID.randomUUID()));
        publish(Topics.SHOWS, show, SeatEvents.SHOW_CREATED, Map.of("id", show, "sections", List.of()));
        Reservation held = reservation("A-1-1");

        decided(accepted(held));

        projections.eventually("select state from reservations where id = '" + held.id() + "'", "held");
        Eventually.holds(
                "three dead letters",
                () -> TestBroker.shared().records(Topics.DEAD_LETTERS).size() >= before + 3);
    }

    private Reservation reservation(String... seats) {
        List<SeatId> ids = List.of(seats).stream()
                .map(name -> SeatId.parse(name).orElseThrow())
                .toList();
        return new Reservation(UUID.randomUUID(), show, "u1", ids, State.HELD, AT);
    }

    private HoldRequested hold(UUID id, String user) {
        return new HoldRequested(id, show, user, List.of("A-1-1"), 0);
    }

    private SeatCommand command(UUID id) {
        return new SeatCommand.Hold(id, show, "u1", List.of(new SeatId("A", 1, 1)), 0);
    }

    private DecisionMade accepted(Reservation reservation) {
        return DecisionMade.of(
                command(reservation.id()), new SeatDecision.Accepted(reservation.id(), reservation), false);
    }

    private DecisionMade refused(UUID id, Reason reason) {
        return DecisionMade.of(
                command(id), new SeatDecision.Refused(id, reason, List.of(new SeatId("A", 1, 1))), false);
    }

    private void decided(DecisionMade decision) {
        publish(Topics.SEAT_EVENTS, show, SeatEvents.DECISION_MADE, decision);
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        assertThat(record.headers().lastHeader(name)).as(name).isNotNull();
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
