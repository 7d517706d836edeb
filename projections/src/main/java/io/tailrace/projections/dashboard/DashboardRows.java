package io.tailrace.projections.dashboard;

import io.tailrace.contracts.event.DashboardSaved;
import io.tailrace.kit.json.Json;
import io.tailrace.projections.position.LastChanges;
import io.tailrace.projections.position.Rows;
import io.tailrace.projections.position.SqlArrays;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Writes the table {@code dashboards}. */
public final class DashboardRows implements Rows<DashboardChange> {
    private static final String UPSERT =
            """
            insert into dashboards (id, owner_id, name, time_range, panels, link, created_at, changed_at)
            select * from unnest(?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[], ?::timestamptz[],
                ?::timestamptz[])
            on conflict (id) do update set name = excluded.name, time_range = excluded.time_range,
                panels = excluded.panels, link = excluded.link, changed_at = excluded.changed_at
            where dashboards.owner_id = excluded.owner_id
            """;

    private static final String DELETE = "delete from dashboards where id = any(?::uuid[])";

    @Override
    public List<String> tables() {
        return List.of("dashboards");
    }

    @Override
    public void write(Connection connection, List<DashboardChange> changes) throws SQLException {
        List<DashboardSaved> present = new ArrayList<>();
        List<DashboardChange.Delete> gone = new ArrayList<>();
        for (DashboardChange change : LastChanges.by(DashboardChange::id, changes)) {
            switch (change) {
                case DashboardChange.Put put -> present.add(put.dashboard());
                case DashboardChange.Delete delete -> gone.add(delete);
            }
        }
        if (!present.isEmpty()) {
            upsert(connection, present);
        }
        if (!gone.isEmpty()) {
            try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
                new SqlArrays(connection, delete).uuids(gone, DashboardChange.Delete::id);
                delete.executeUpdate();
            }
        }
    }

    private static void upsert(Connection connection, List<DashboardSaved> present) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            SqlArrays arrays = new SqlArrays(connection, upsert);
            arrays.uuids(present, DashboardSaved::id);
            arrays.uuids(present, DashboardSaved::ownerId);
            arrays.texts(present, DashboardSaved::name);
            arrays.texts(present, DashboardSaved::range);
            arrays.texts(present, each -> new String(Json.write(each.panels()), StandardCharsets.UTF_8));
            arrays.texts(present, DashboardSaved::link);
            arrays.instants(present, DashboardSaved::createdAt);
            arrays.instants(present, DashboardSaved::changedAt);
            upsert.executeUpdate();
        }
    }
}
