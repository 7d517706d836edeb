package io.tailrace.ingest.seat;

import io.micronaut.core.annotation.Introspected;
import io.tailrace.contracts.seat.SeatCommand;
import io.tailrace.contracts.seat.SeatId;
import io.tailrace.contracts.seat.Show;
import io.tailrace.ingest.input.Faults;
import io.tailrace.ingest.input.Texts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A request for seats.
 *
 * @param seats their ids, all of one show; all or none are held
 * @param holdSeconds how long they are to be held, in seconds; the show's own time if it is missing
 */
@Introspected
record NewReservation(@Nullable List<@Nullable String> seats, @Nullable Integer holdSeconds) {
    private static final String SEAT = "expected SECTION-ROW-NUMBER, for example \"A-1-12\"";

    /**
     * The command, checked as far as that can be without knowing the show.
     *
     * @throws io.tailrace.kit.problem.ProblemException 400 with every fault
     */
    SeatCommand.Hold command(UUID id, UUID showId, String user, int maxSeats) {
        Faults faults = new Faults();
        List<SeatId> wanted = wanted(faults, maxSeats);
        if (holdSeconds != null && (holdSeconds < 1 || holdSeconds > Show.HOLD_CAP_SECONDS)) {
            faults.add("hold_seconds", holdSeconds + ", expected 1 to " + Show.HOLD_CAP_SECONDS);
        }
        faults.throwIfAny();
        return new SeatCommand.Hold(id, showId, user, wanted, holdSeconds == null ? 0 : holdSeconds);
    }

    private List<SeatId> wanted(Faults faults, int maxSeats) {
        List<SeatId> wanted = new ArrayList<>();
        int count = seats == null ? 0 : seats.size();
        if (seats == null || count < 1 || count > maxSeats) {
            faults.add(
                    "seats",
                    seats == null
                            ? "is missing, expected 1 to " + maxSeats + " seats"
                            : count + " seats, expected 1 to " + maxSeats);
            return wanted;
        }
        Map<SeatId, Integer> places = new HashMap<>();
        for (int i = 0; i < count; i++) {
            String name = seats.get(i);
            Optional<SeatId> seat = name == null ? Optional.empty() : SeatId.parse(name);
            if (seat.isEmpty()) {
                faults.add("seats[" + i + "]", (name == null ? "null" : Texts.shown(name)) + ", " + SEAT);
                continue;
            }
            Integer first = places.putIfAbsent(seat.get(), i);
            if (first != null) {
                faults.add(
                        "seats[" + i + "]",
                        Texts.shown(String.valueOf(name)) + " is seats[" + first + "] too, expected distinct seats");
            }
            wanted.add(seat.get());
        }
        return wanted;
    }
}
