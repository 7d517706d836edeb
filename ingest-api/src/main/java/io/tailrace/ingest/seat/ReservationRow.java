package io.tailrace.ingest.seat;

import io.micronaut.data.annotation.Id;
import io.micronaut.data.annotation.MappedEntity;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A reservation, as the projections hold it.
 *
 * @param id its id
 * @param showId the show
 * @param userId whose it is
 * @param state where it stands; {@code pending} if only the request for it is known
 * @param reason why it was refused
 * @param seats its seats, joined by commas
 * @param expiresAt when a hold ends
 */
@MappedEntity("reservations")
record ReservationRow(
        @Id UUID id,
        UUID showId,
        String userId,
        String state,
        @Nullable String reason,
        String seats,
        @Nullable Instant expiresAt) {
    /** Whether it will stay as it is. */
    boolean isFinal() {
        return !state.equals(ReservationView.HELD) && !state.equals(ReservationView.PENDING);
    }

    ReservationView view() {
        List<String> names = seats.isEmpty() ? List.of() : List.of(seats.split(","));
        return state.equals(ReservationView.PENDING)
                ? ReservationView.pending(id, showId, names, userId)
                : new ReservationView(
                        id, showId, state, names, state.equals(ReservationView.HELD) ? expiresAt : null, reason, null);
    }
}
