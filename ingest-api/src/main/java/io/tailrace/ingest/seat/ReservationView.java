package io.tailrace.ingest.seat;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Introspected;
import io.tailrace.contracts.seat.SeatEvents.ReservationChanged;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A reservation as it is answered.
 *
 * @param id its id
 * @param showId the show
 * @param state {@code pending}, {@code held}, {@code confirmed}, {@code released}, {@code expired} or {@code refused}
 * @param seats its seats; of one that was refused, the seats that it was refused for
 * @param expiresAt when the hold ends; only while it is held
 * @param reason why it was refused; only then
 * @param channel where its outcome will appear; only while it is pending
 */
@Introspected
@JsonInclude(JsonInclude.Include.NON_NULL)
record ReservationView(
        UUID id,
        UUID showId,
        String state,
        List<String> seats,
        @Nullable Instant expiresAt,
        @Nullable String reason,
        @Nullable String channel) {
    static final String HELD = "held";
    static final String PENDING = "pending";

    /** A reservation as a decision left it. */
    static ReservationView of(ReservationChanged reservation) {
        return new ReservationView(
                reservation.id(),
                reservation.showId(),
                reservation.state(),
                reservation.seats(),
                reservation.state().equals(HELD) ? reservation.expiresAt() : null,
                null,
                null);
    }

    /** A reservation that is not decided yet. */
    static ReservationView pending(UUID id, UUID showId, List<String> seats, String user) {
        return new ReservationView(id, showId, PENDING, seats, null, null, "user:" + user);
    }
}
