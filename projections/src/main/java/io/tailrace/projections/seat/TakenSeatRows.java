package io.tailrace.projections.seat;

import io.tailrace.projections.position.LastChanges;
import io.tailrace.projections.position.Rows;
import io.tailrace.projections.position.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Writes the table {@code taken_seats}. */
public final class TakenSeatRows implements Rows<SeatsChange> {
    private static final String UPSERT =
            """
            insert into taken_seats (show_id, seat, state)
            select * from unnest(?::uuid[], ?::text[], ?::text[])
            on conflict (show_id, seat) do update set state = excluded.state
            """;

    private static final String DELETE =
            """
            delete from taken_seats using unnest(?::uuid[], ?::text[]) as freed (show_id, seat)
            where taken_seats.show_id = freed.show_id and taken_seats.seat = freed.seat
            """;

    /** A seat after a change; null for {@code state} means that it is free. */
    private record Seat(UUID showId, String name, @Nullable String state) {
        Map.Entry<UUID, String> key() {
            return Map.entry(showId, name);
        }
    }

    @Override
    public List<String> tables() {
        return List.of("taken_seats");
    }

    @Override
    public void write(Connection connection, List<SeatsChange> changes) throws SQLException {
        List<Seat> seats = new ArrayList<>();
        for (SeatsChange change : changes) {
            @Nullable
            String state =
                    switch (change) {
                        case SeatsChange.Taken taken -> taken.state();
                        case SeatsChange.Freed freed -> null;
                    };
            change.seats().forEach(seat -> seats.add(new Seat(change.showId(), seat, state)));
        }
        List<Seat> taken = new ArrayList<>();
        List<Seat> freed = new ArrayList<>();
        LastChanges.by(Seat::key, seats).forEach(seat -> (seat.state() == null ? freed : taken).add(seat));
        if (!taken.isEmpty()) {
            try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
                SqlArrays arrays = new SqlArrays(connection, upsert);
                arrays.uuids(taken, Seat::showId);
                arrays.texts(taken, Seat::name);
                arrays.texts(taken, Seat::state);
                upsert.executeUpdate();
            }
        }
        if (!freed.isEmpty()) {
            try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
                SqlArrays arrays = new SqlArrays(connection, delete);
                arrays.uuids(freed, Seat::showId);
                arrays.texts(freed, Seat::name);
                delete.executeUpdate();
            }
        }
    }
}
