package io.tailrace.projections.seat;

import io.tailrace.contracts.seat.SeatEvents.ReservationChanged;
import io.tailrace.projections.position.LastChanges;
import io.tailrace.projections.position.Rows;
import io.tailrace.projections.position.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Writes the tables {@code reservations} and {@code confirmed_seats}. */
public final class ReservationRows implements Rows<ReservationChange> {
    private static final String UPSERT =
            """
            insert into reservations (id, show_id, user_id, state, seats, expires_at)
            select id, show_id, user_id, state, string_to_array(seats, ','), expires_at
            from unnest(?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::timestamptz[])
                as changed (id, show_id, user_id, state, seats, expires_at)
            on conflict (id) do update
            set state = excluded.state, reason = null, seats = excluded.seats, expires_at = excluded.expires_at
            """;

    private static final String REFUSE =
            """
            insert into reservations (id, show_id, user_id, state, reason, seats)
            select id, show_id, user_id, 'refused', reason, string_to_array(seats, ',')
            from unnest(?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[])
                as refused (id, show_id, user_id, reason, seats)
            on conflict (id) do nothing
            """;

    /** Not "on conflict do nothing": a seat that is sold twice must be heard of. */
    private static final String CONFIRM =
            """
            insert into confirmed_seats (show_id, seat, reservation_id)
            select * from unnest(?::uuid[], ?::text[], ?::uuid[])
            """;

    private record Sold(UUID showId, String seat, UUID reservationId) {}

    @Override
    public List<String> tables() {
        return List.of("reservations", "confirmed_seats");
    }

    @Override
    public void write(Connection connection, List<ReservationChange> changes) throws SQLException {
        List<ReservationChanged> changed = new ArrayList<>();
        List<ReservationChange.Refuse> refused = new ArrayList<>();
        List<Sold> sold = new ArrayList<>();
        for (ReservationChange change : changes) {
            switch (change) {
                case ReservationChange.Put(ReservationChanged reservation) -> {
                    changed.add(reservation);
                    if (reservation.state().equals("confirmed")) {
                        reservation
                                .seats()
                                .forEach(seat -> sold.add(new Sold(reservation.showId(), seat, reservation.id())));
                    }
                }
                case ReservationChange.Refuse refusal -> refused.add(refusal);
            }
        }
        if (!changed.isEmpty()) {
            upsert(connection, List.copyOf(LastChanges.by(ReservationChanged::id, changed)));
        }
        if (!refused.isEmpty()) {
            refuse(connection, refused);
        }
        if (!sold.isEmpty()) {
            confirm(connection, sold);
        }
    }

    private static void upsert(Connection connection, List<ReservationChanged> changed) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            SqlArrays arrays = new SqlArrays(connection, upsert);
            arrays.uuids(changed, ReservationChanged::id);
            arrays.uuids(changed, ReservationChanged::showId);
            arrays.texts(changed, ReservationChanged::userId);
            arrays.texts(changed, ReservationChanged::state);
            arrays.texts(changed, reservation -> String.join(",", reservation.seats()));
            arrays.instants(changed, ReservationChanged::expiresAt);
            upsert.executeUpdate();
        }
    }

    private static void refuse(Connection connection, List<ReservationChange.Refuse> refused) throws SQLException {
        try (PreparedStatement refuse = connection.prepareStatement(REFUSE)) {
            SqlArrays arrays = new SqlArrays(connection, refuse);
            arrays.uuids(refused, each -> each.decision().commandId());
            arrays.uuids(refused, each -> each.decision().showId());
            arrays.texts(refused, each -> each.decision().userId());
            arrays.texts(refused, ReservationChange.Refuse::reason);
            arrays.texts(refused, each -> String.join(",", each.decision().seats()));
            refuse.executeUpdate();
        }
    }

    private static void confirm(Connection connection, List<Sold> sold) throws SQLException {
        try (PreparedStatement confirm = connection.prepareStatement(CONFIRM)) {
            SqlArrays arrays = new SqlArrays(connection, confirm);
            arrays.uuids(sold, Sold::showId);
            arrays.texts(sold, Sold::seat);
            arrays.uuids(sold, Sold::reservationId);
            confirm.executeUpdate();
        }
    }
}
