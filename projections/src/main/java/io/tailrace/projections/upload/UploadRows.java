package io.tailrace.projections.upload;

import io.tailrace.contracts.event.UploadStored;
import io.tailrace.projections.position.LastChanges;
import io.tailrace.projections.position.Rows;
import io.tailrace.projections.position.SqlArrays;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Writes the table {@code uploads}. */
public final class UploadRows implements Rows<UploadChange> {
    private static final String UPSERT =
            """
            insert into uploads (id, owner_id, name, declared_type, detected_type, size, sha256, created_at)
            select * from unnest(?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::bigint[], ?::text[],
                ?::timestamptz[])
            on conflict (id) do update set name = excluded.name, declared_type = excluded.declared_type,
                detected_type = excluded.detected_type, size = excluded.size, sha256 = excluded.sha256
            where uploads.owner_id = excluded.owner_id
            """;

    private static final String DELETE = "delete from uploads where id = any(?::uuid[])";

    @Override
    public List<String> tables() {
        return List.of("uploads");
    }

    @Override
    public void write(Connection connection, List<UploadChange> changes) throws SQLException {
        List<UploadStored> present = new ArrayList<>();
        List<UploadChange.Delete> gone = new ArrayList<>();
        for (UploadChange change : LastChanges.by(UploadChange::id, changes)) {
            switch (change) {
                case UploadChange.Put put -> present.add(put.upload());
                case UploadChange.Delete delete -> gone.add(delete);
            }
        }
        if (!present.isEmpty()) {
            upsert(connection, present);
        }
        if (!gone.isEmpty()) {
            try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
                new SqlArrays(connection, delete).uuids(gone, UploadChange.Delete::id);
                delete.executeUpdate();
            }
        }
    }

    private static void upsert(Connection connection, List<UploadStored> present) throws SQLException {
        try (PreparedStatement upsert = connection.prepareStatement(UPSERT)) {
            SqlArrays arrays = new SqlArrays(connection, upsert);
            arrays.uuids(present, UploadStored::id);
            arrays.uuids(present, UploadStored::ownerId);
            arrays.texts(present, UploadStored::name);
            arrays.texts(present, UploadStored::declaredType);
            arrays.texts(present, UploadStored::detectedType);
            arrays.longs(present, UploadStored::size);
            arrays.texts(present, UploadStored::sha256);
            arrays.instants(present, UploadStored::createdAt);
            upsert.executeUpdate();
        }
    }
}
