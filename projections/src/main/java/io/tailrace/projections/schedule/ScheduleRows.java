package io.tailrace.projections.schedule;

import io.tailrace.projections.position.LastChanges;
import io.tailrace.projections.position.Rows;
import io.tailrace.projections.position.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Writes the table {@code schedules}. */
public final class ScheduleRows implements Rows<ScheduleChange> {
    private static final String UPSERT =
            """
            insert into schedules (name, definition, changed_at)
            select * from unnest(?::text[], ?::text[], ?::timestamptz[])
            on conflict (name) do update set definition = excluded.definition, changed_at = excluded.changed_at
            """;

    private static final String DELETE = "delete from schedules where name = any(?::text[])";

    @Override
    public List<String> tables() {
        return List.of("schedules");
    }

    @Override
    public void write(Connection connection, List<ScheduleChange> changes) throws SQLException {
        List<ScheduleChange.Put> present = new ArrayList<>();
        List<String> gone = new ArrayList<>();
        for (ScheduleChange change : LastChanges.by(ScheduleChange::name, changes)) {
            switch (change) {
                case ScheduleChange.Put put -> present.add(put);
                case ScheduleChange.Delete(String name) -> gone.add(name);
            }
        }
        if (!present.isEmpty()) {
            try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
                SqlArrays arrays = new SqlArrays(connection, upsert);
                arrays.texts(present, ScheduleChange.Put::name);
                arrays.texts(present, ScheduleChange.Put::definition);
                arrays.instants(present, ScheduleChange.Put::changedAt);
                upsert.executeUpdate();
            }
        }
        if (!gone.isEmpty()) {
            try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
                new SqlArrays(connection, delete).texts(gone, name -> name);
                delete.executeUpdate();
            }
        }
    }
}
