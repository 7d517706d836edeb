package io.tailrace.exporter.bigquery;

import com.google.cloud.bigquery.storage.v1.TableFieldSchema;
import com.google.cloud.bigquery.storage.v1.TableFieldSchema.Mode;
import com.google.cloud.bigquery.storage.v1.TableFieldSchema.Type;
import com.google.cloud.bigquery.storage.v1.TableSchema;
import io.tailrace.exporter.testing.Tally;
import java.util.Map;

/** The table of readings that docs/export.md has. */
final class ReadingsTable {
    static final TableId TABLE = new TableId("some-project", "events", "readings");

    private ReadingsTable() {}

    static TableSchema schema() {
        return TableSchema.newBuilder()
                .addFields(field("log_partition", Type.INT64, Mode.REQUIRED))
                .addFields(field("log_offset", Type.INT64, Mode.REQUIRED))
                .addFields(field("id", Type.STRING, Mode.NULLABLE))
                .addFields(field("metric_id", Type.STRING, Mode.NULLABLE))
                .addFields(field("value", Type.DOUBLE, Mode.NULLABLE))
                .addFields(field("timestamp", Type.TIMESTAMP, Mode.NULLABLE))
                .build();
    }

    static TableFieldSchema field(String name, Type type, Mode mode) {
        return TableFieldSchema.newBuilder()
                .setName(name)
                .setType(type)
                .setMode(mode)
                .build();
    }

    static Tally tally(BigQueryStandIn table) {
        Tally tally = Tally.NOTHING;
        for (Map<String, Object> row : (Iterable<Map<String, Object>>) table.rows()::iterator) {
            tally = tally.with(
                    row.get("log_partition"),
                    row.get("log_offset"),
                    row.get("id"),
                    row.get("metric_id"),
                    row.get("value"),
                    row.get("timestamp"));
        }
        return tally;
    }
}
