package io.tailrace.dispatcher.seat;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.seat.Reservation;
import io.tailrace.contracts.seat.Reservation.State;
import io.tailrace.contracts.seat.SeatCommand;
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
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/**
 * Random histories of many people against the simplest thing that could be right: {@link SeatModel}. After every step the
 * book must obey the invariants and the model must agree. The desk is made anew every now and then, as by a restart.
 */
class SeatDeskModelTest {
    private static final UUID SHOW = new UUID(0, 1);
    private static final int ROWS = 2;
    private static final int SEATS_PER_ROW = 5;
    private static final int USERS = 4;
    private static final int STEPS = 120;
    private static final int MAX_SEATS_PER_USER = 4;
    private static final int DEFAULT_HOLD_SECONDS = 10;
    private static final long STARTS_AT_MS = 150_000;
    private static final Show THE_SHOW = new Show(
            SHOW,
            "organizer",
            "A show",
            Instant.ofEpochMilli(STARTS_AT_MS),
            List.of(new Section("A", ROWS, SEATS_PER_ROW, BigDecimal.TEN)),
            DEFAULT_HOLD_SECONDS,
            30,
            MAX_SEATS_PER_USER);

    private static @Nullable BookStore rocks;

    @BeforeContainer
    static void open() {
        rocks = new BookStore();
    }

    @AfterContainer
    static void close() {
        store().close();
    }

    @Property(tries = 300)
    void a_random_history_is_decided_as_the_model_decides_it(@ForAll long seed) {
        MemoryBook book = new MemoryBook();
        new History(new Random(seed), () -> book).run();
    }

    @Property(tries = 100)
    void and_also_over_the_store_that_production_has(@ForAll long seed) {
        store().clear();
        new History(new Random(seed), () -> new StoreBook(store().store(), 3_600_000, Long.MAX_VALUE)).run();
    }

    private static BookStore store() {
        BookStore open = rocks;
        if (open == null) {
            throw new IllegalStateException("not open");
        }
        return open;
    }

    /** One history. */
    private static final class History {
        private final Random random;
        private final Supplier<SeatBook> books;
        private final SeatModel model = new SeatModel(THE_SHOW);
        private final Map<UUID, State> states = new HashMap<>();
        private final Map<SeatId, UUID> confirmed = new HashMap<>();
        private final List<SeatCommand> commands = new ArrayList<>();
        private SeatBook book;
        private SeatDesk desk;
        private long nowMs;

        History(Random random, Supplier<SeatBook> books) {
            this.random = random;
            this.books = books;
            this.book = books.get();
            this.desk = new SeatDesk(book);
        }

        void run() {
            book.putShow(THE_SHOW);
            for (int step = 0; step < STEPS; step++) {
                nowMs += random.nextInt(3000);
                switch (random.nextInt(12)) {
                    case 0 -> restart();
                    case 1, 2 -> expire(1 + random.nextInt(3));
                    default -> decide(command());
                }
                checkInvariants();
            }
            nowMs += 30_000;
            expire(Integer.MAX_VALUE);
            assertThat(states.values()).as("every hold ends").doesNotContain(State.HELD);
            checkInvariants();
        }

        private void restart() {
            book = books.get();
            desk = new SeatDesk(book);
        }

        private void expire(int limit) {
            List<Reservation> ended = desk.expire(nowMs, limit);
            assertThat(ended).hasSizeLessThanOrEqualTo(limit).allSatisfy(reservation -> {
                assertThat(reservation.state()).isEqualTo(State.EXPIRED);
                assertThat(reservation.expiresAt().toEpochMilli()).isLessThanOrEqualTo(nowMs);
            });
            ended.forEach(this::note);
        }

        private void decide(SeatCommand command) {
            SeatChange change = desk.decide(command, nowMs);
            assertThat(change.decision()).as("%s at %d", command, nowMs).isEqualTo(model.decide(command, nowMs));
            change.changed().forEach(this::note);
        }

        /** A reservation's life: held, then at most one of the others. */
        private void note(Reservation reservation) {
            State before = states.put(reservation.id(), reservation.state());
            assertThat(before).isEqualTo(reservation.state() == State.HELD ? null : State.HELD);
        }

        private void checkInvariants() {
            Map<SeatId, UUID> holders = new HashMap<>();
            Map<String, Integer> counts = new HashMap<>();
            for (UUID id : states.keySet()) {
                Reservation reservation =
                        Objects.requireNonNull(book.booking(SHOW, id)).reservation();
                assertThat(reservation.state()).isEqualTo(states.get(id));
                if (reservation.state() == State.HELD || reservation.state() == State.CONFIRMED) {
                    counts.merge(reservation.userId(), reservation.seats().size(), Integer::sum);
                    reservation.seats().forEach(seat -> assertThat(holders.put(seat, id))
                            .as("two holders of %s", seat)
                            .isNull());
                }
                if (reservation.state() == State.CONFIRMED) {
                    reservation.seats().forEach(seat -> confirmed.putIfAbsent(seat, id));
                }
            }
            assertThat(holders).as("a confirmed seat never changes").containsAllEntriesOf(confirmed);
            for (int row = 1; row <= ROWS; row++) {
                for (int number = 1; number <= SEATS_PER_ROW; number++) {
                    SeatId seat = new SeatId("A", row, number);
                    assertThat(book.occupant(SHOW, seat)).isEqualTo(holders.get(seat));
                }
            }
            for (int user = 0; user < USERS; user++) {
                assertThat(book.holdings(SHOW, "user" + user).seats()).isEqualTo(counts.getOrDefault("user" + user, 0));
            }
        }

        private SeatCommand command() {
            if (!commands.isEmpty() && random.nextInt(8) == 0) {
                return commands.get(random.nextInt(commands.size()));
            }
            boolean reused = !commands.isEmpty() && random.nextInt(20) == 0;
            UUID id = reused ? earlier() : new UUID(1, commands.size() + 1L);
            String user = "user" + random.nextInt(USERS);
            SeatCommand command =
                    switch (random.nextInt(5)) {
                        case 0 -> new SeatCommand.Confirm(id, SHOW, user, earlier());
                        case 1 -> new SeatCommand.Release(id, SHOW, user, earlier());
                        default -> new SeatCommand.Hold(id, SHOW, user, seats(), random.nextInt(34) - 1);
                    };
            commands.add(command);
            return command;
        }

        private UUID earlier() {
            return commands.isEmpty()
                    ? new UUID(9, 9)
                    : commands.get(random.nextInt(commands.size())).commandId();
        }

        /** Now and then none, too many, one twice, or one that does not exist. */
        private List<SeatId> seats() {
            List<SeatId> seats = new ArrayList<>();
            int count = random.nextInt(20) == 0 ? random.nextInt(7) : 1 + random.nextInt(3);
            Set<SeatId> distinct = new HashSet<>();
            while (seats.size() < count) {
                SeatId seat = new SeatId(
                        "A", 1 + random.nextInt(ROWS), 1 + random.nextInt(SEATS_PER_ROW + (count > 3 ? 1 : 0)));
                if (distinct.add(seat) || random.nextInt(30) == 0) {
                    seats.add(seat);
                }
            }
            return seats;
        }
    }
}
