package io.tailrace.bench.seats.books;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A show's history as its decisions tell it: who has which seat after each, and every rule that one of them breaks. */
final class ShowBook {
    private final Map<UUID, Reservation> reservations = new LinkedHashMap<>();
    private final Map<UUID, String> refusedHolds = new HashMap<>();
    private final Map<UUID, Decision> decisions = new HashMap<>();
    private final Map<String, UUID> holders = new HashMap<>();
    private final List<SeatStep> steps = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();

    /** A decision. */
    void decided(Decision decision) {
        Decision first = decisions.get(decision.commandId());
        if (first != null) {
            if (!decision.repeated() || !first.isLike(decision)) {
                faults.add("the command " + decision.commandId() + " was decided twice: " + first + " and " + decision);
            }
            return;
        }
        decisions.put(decision.commandId(), decision);
        Reservation reservation = decision.reservation();
        if (reservation != null) {
            changed(reservation);
        } else {
            refusedHolds.put(decision.commandId(), String.valueOf(decision.reason()));
        }
    }

    /** A reservation's new state. */
    void changed(Reservation now) {
        Reservation before = reservations.put(now.id(), now);
        steps.add(new SeatStep("seat_" + now.state(), now.seats()));
        switch (now.state()) {
            case "held" -> {
                expect(before == null, now, before);
                for (String seat : now.seats()) {
                    UUID other = holders.put(seat, now.id());
                    if (other != null) {
                        faults.add("the seat " + seat + " of " + other + " was given to " + now.id());
                    }
                }
            }
            case "confirmed" -> expect(before != null && before.state().equals("held"), now, before);
            case "released", "expired" -> {
                expect(before != null && before.state().equals("held"), now, before);
                now.seats().forEach(holders::remove);
            }
            default -> faults.add("an unknown state: " + now);
        }
    }

    private void expect(boolean holds, Reservation now, @Nullable Reservation before) {
        if (!holds) {
            faults.add("from " + before + " to " + now);
        }
    }

    /** The reservations as they stand. */
    Map<UUID, Reservation> reservations() {
        return reservations;
    }

    /** Commands that were refused. */
    Map<UUID, String> refused() {
        return refusedHolds;
    }

    /** How many of a state. */
    long count(String state) {
        return reservations.values().stream()
                .filter(reservation -> reservation.state().equals(state))
                .count();
    }

    /** The seats that are not free, with their states. */
    Map<String, String> taken() {
        Map<String, String> taken = new HashMap<>();
        holders.forEach((seat, id) -> {
            Reservation reservation = reservations.get(id);
            taken.put(seat, reservation == null ? "unknown" : reservation.state());
        });
        return taken;
    }

    /** What the channel of the show must have said, in this order. */
    List<SeatStep> steps() {
        return steps;
    }

    List<String> faults() {
        return faults;
    }
}
