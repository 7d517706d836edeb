package io.tailrace.dispatcher.seat;

import io.tailrace.contracts.seat.CommandFingerprint;
import io.tailrace.contracts.seat.Reservation;

/**
 * A reservation, with what it takes to know the repetition of the command that made it.
 *
 * @param reservation as it stands
 * @param fingerprint {@link CommandFingerprint} of the hold
 */
public record Booking(Reservation reservation, long fingerprint) {
    /** The same in another state. */
    Booking in(Reservation.State next) {
        return new Booking(reservation.in(next), fingerprint);
    }
}
