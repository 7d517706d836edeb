package io.tailrace.contracts.seat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CommandFingerprintTest {
    private static final UUID SHOW = new UUID(1, 2);
    private static final UUID ID = new UUID(3, 4);

    @Property
    void commandsAreToldApartByWhatTheyAskForAndNotByTheirIds(
            @ForAll("commands") SeatCommand one, @ForAll("commands") SeatCommand other) {
        boolean same = CommandFingerprint.of(one) == CommandFingerprint.of(other);

        assertThat(same).isEqualTo(withId(one).equals(withId(other)));
    }

    @Test
    void theOrderOfTheSeatsCounts() {
        List<SeatId> seats = List.of(new SeatId("A", 1, 1), new SeatId("A", 1, 2));
        List<SeatId> reversed = new ArrayList<>(seats);
        Collections.reverse(reversed);

        assertThat(CommandFingerprint.of(new SeatCommand.Hold(ID, SHOW, "u", seats, 0)))
                .isNotEqualTo(CommandFingerprint.of(new SeatCommand.Hold(ID, SHOW, "u", reversed, 0)));
    }

    @Test
    void onTheWireItHasSixteenDigitsAndIsTheSameInEveryRelease() {
        SeatCommand hold = new SeatCommand.Hold(ID, SHOW, "u", List.of(new SeatId("A", 1, 1)), 60);

        assertThat(CommandFingerprint.text(CommandFingerprint.of(hold))).isEqualTo("7b6b3257223138ce");
        assertThat(CommandFingerprint.text(1)).isEqualTo("0000000000000001");
    }

    @Provide
    Arbitrary<SeatCommand> commands() {
        // Small ranges, so that equal commands come up too.
        Arbitrary<UUID> ids = Arbitraries.longs().between(1, 3).map(n -> new UUID(n, n));
        Arbitrary<String> users = Arbitraries.of("u", "uu", "v");
        Arbitrary<List<SeatId>> seats = Combinators.combine(
                        Arbitraries.of("A", "B"),
                        Arbitraries.integers().between(1, 2),
                        Arbitraries.integers().between(1, 2))
                .as(SeatId::new)
                .list()
                .ofMaxSize(2);
        return Arbitraries.oneOf(
                Combinators.combine(
                                ids, ids, users, seats, Arbitraries.integers().between(0, 1))
                        .as(SeatCommand.Hold::new),
                Combinators.combine(ids, ids, users, ids).as(SeatCommand.Confirm::new),
                Combinators.combine(ids, ids, users, ids).as(SeatCommand.Release::new));
    }

    private static SeatCommand withId(SeatCommand command) {
        return switch (command) {
            case SeatCommand.Hold(var _, var show, var user, var seats, var seconds) ->
                new SeatCommand.Hold(ID, show, user, seats, seconds);
            case SeatCommand.Confirm(var _, var show, var user, var reservation) ->
                new SeatCommand.Confirm(ID, show, user, reservation);
            case SeatCommand.Release(var _, var show, var user, var reservation) ->
                new SeatCommand.Release(ID, show, user, reservation);
        };
    }
}
