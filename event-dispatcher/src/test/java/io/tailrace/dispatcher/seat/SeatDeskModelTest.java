package io.tailrace.dispatcher.seat;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.seat.Reservation;
import io.tailrace.contracts.seat.Reservation.State;
import io.tailrace.contracts.seat.SeatCommand;
import io.tailrace.contracts.seat.SeatDecision;
import io.tailrace.contracts.seat.SeatId;
import io.tailrace.contracts.seat.Section;
import io.tailrace.contracts.seat.Show;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Random histories of many people against the simplest thing that could be right: a list of all reservations that is
 * searched from end to end. After every step the book must obey the invariants and the model must agree.
 */
class SeatDeskModelTest {
    private static final UUID SHOW = new UUID(0, 1);
    private static final int ROWS = 2;
    private static final int SEATS_PER_ROW = 5;
    private static final int USERS = 4;
    private static final int STEPS = 120;
    private static final int MAX_SEATS_PER_USER = 4;

    private final Map<UUID, Reservation> model = new HashMap<>();
    private final Map<UUID, SeatDecision> firstDecisions = new HashMap<>();
    private final Set<SeatId> everConfirmed = new HashSet<>();

    @Property(tries = 400)
    void a_random_history_is_decided_as_the_model_decides_it(@ForAll long seed) {
        Random random = new Random(seed);
        model.clear();
        firstDecisions.clear();
        everConfirmed.clear();
        MemoryBook book = new MemoryBook();
        SeatDesk desk = new SeatDesk(book);
        book.putShow(new Show(
                SHOW,
                "organizer",
                "A show",
                Instant.ofEpochSecond(1000),
                List.of(new Section("A", ROWS, SEATS_PER_ROW, BigDecimal.TEN)),
                10,
                30,
                MAX_SEATS_PER_USER));
        List<SeatCommand> commands = new ArrayList<>();
        long nowMs = 0;
        for (int step = 0; step < STEPS; step++) {
            nowMs += random.nextInt(3000);
            if (random.nextInt(6) == 0) {
                for (Reservation ended :
                        desk.expire(nowMs, 1 + random.nextInt(3)).changed()) {
                    assertThat(ended.expiresAt().toEpochMilli()).isLessThanOrEqualTo(nowMs);
                }
            } else {
                SeatCommand command = command(random, commands);
                commands.add(command);
                decideAndCompare(desk, command, nowMs);
            }
            checkInvariants(book, nowMs);
        }
        // every hold ends
        desk.expire(nowMs + 30_000, Integer.MAX_VALUE);
        assertThat(book.reservations.values()).noneMatch(r -> r.state() == State.HELD);
    }

    private void decideAndCompare(SeatDesk desk, SeatCommand command, long nowMs) {
        SeatChange change = desk.decide(command, nowMs);
        SeatDecision decision = change.decisions().getFirst();
        SeatDecision first = firstDecisions.get(command.commandId());
        if (first != null) {
            assertThat(decision).isEqualTo(first);
            assertThat(change.changed()).isEmpty();
            return;
        }
        firstDecisions.put(command.commandId(), decision);
        boolean accepted = decision instanceof SeatDecision.Accepted;
        assertThat(accepted).as("%s at %d: %s", command, nowMs, decision).isEqualTo(modelAccepts(command, nowMs));
        if (decision instanceof SeatDecision.Accepted(UUID _, Reservation reservation)) {
            model.put(reservation.id(), reservation);
        }
    }

    private boolean modelAccepts(SeatCommand command, long nowMs) {
        return switch (command) {
            case SeatCommand.Hold hold ->
                hold.seats().stream().noneMatch(s -> isTaken(s, nowMs))
                        && hold.seats().stream().allMatch(s -> s.row() <= ROWS && s.number() <= SEATS_PER_ROW)
                        && seatsOf(hold.userId(), nowMs) + hold.seats().size() <= MAX_SEATS_PER_USER;
            case SeatCommand.Confirm confirm -> isHeldBy(confirm.reservationId(), confirm.userId(), nowMs);
            case SeatCommand.Release release -> isHeldBy(release.reservationId(), release.userId(), nowMs);
        };
    }

    private boolean isActive(Reservation reservation, long nowMs) {
        return reservation.state() == State.CONFIRMED
                || (reservation.state() == State.HELD
                        && nowMs < reservation.expiresAt().toEpochMilli());
    }

    private boolean isTaken(SeatId seat, long nowMs) {
        return model.values().stream()
                .anyMatch(r -> isActive(r, nowMs) && r.seats().contains(seat));
    }

    private int seatsOf(String user, long nowMs) {
        return model.values().stream()
                .filter(r -> isActive(r, nowMs) && r.userId().equals(user))
                .mapToInt(r -> r.seats().size())
                .sum();
    }

    private boolean isHeldBy(UUID reservationId, String user, long nowMs) {
        Reservation reservation = model.get(reservationId);
        return reservation != null
                && reservation.userId().equals(user)
                && reservation.state() == State.HELD
                && isActive(reservation, nowMs);
    }

    private void checkInvariants(MemoryBook book, long nowMs) {
        Map<SeatId, UUID> holders = new HashMap<>();
        Map<String, Integer> counts = new HashMap<>();
        for (Reservation reservation : book.reservations.values()) {
            if (reservation.state() == State.HELD || reservation.state() == State.CONFIRMED) {
                counts.merge(reservation.userId(), reservation.seats().size(), Integer::sum);
                for (SeatId seat : reservation.seats()) {
                    assertThat(holders.put(seat, reservation.id()))
                            .as("holders of " + seat)
                            .isNull();
                }
            }
            if (reservation.state() == State.CONFIRMED) {
                everConfirmed.addAll(reservation.seats());
            }
        }
        assertThat(book.occupants).isEqualTo(holders);
        assertThat(holders.keySet()).containsAll(everConfirmed);
        book.holdings.forEach((user, held) -> assertThat(held.seats()).isEqualTo(counts.getOrDefault(user, 0)));
        assertThat(nowMs).isNotNegative();
    }

    private static SeatCommand command(Random random, List<SeatCommand> earlier) {
        if (!earlier.isEmpty() && random.nextInt(8) == 0) {
            return earlier.get(random.nextInt(earlier.size()));
        }
        UUID id = new UUID(1, earlier.size() + 1L);
        String user = "user" + random.nextInt(USERS);
        UUID reservation = earlier.isEmpty()
                ? new UUID(9, 9)
                : earlier.get(random.nextInt(earlier.size())).commandId();
        return switch (random.nextInt(5)) {
            case 0 -> new SeatCommand.Confirm(id, SHOW, user, reservation);
            case 1 -> new SeatCommand.Release(id, SHOW, user, reservation);
            default -> {
                Set<SeatId> seats = new HashSet<>();
                for (int i = 1 + random.nextInt(3); i > 0; i--) {
                    seats.add(new SeatId("A", 1 + random.nextInt(ROWS), 1 + random.nextInt(SEATS_PER_ROW + 1)));
                }
                yield new SeatCommand.Hold(id, SHOW, user, List.copyOf(seats), random.nextInt(30));
            }
        };
    }
}
