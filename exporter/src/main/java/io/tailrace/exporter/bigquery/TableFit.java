package io.tailrace.exporter.bigquery;

import com.google.cloud.bigquery.storage.v1.TableFieldSchema;
import com.google.cloud.bigquery.storage.v1.TableFieldSchema.Mode;
import com.google.cloud.bigquery.storage.v1.TableFieldSchema.Type;
import com.google.cloud.bigquery.storage.v1.TableSchema;
import io.tailrace.exporter.export.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Whether a table takes the rows of an export. Pure. */
final class TableFit {
    private TableFit() {}

    /** What is wrong, a sentence for each column; names are compared without regard to case, as BigQuery does. */
    static List<String> faults(TableSchema table, List<Column> columns) {
        Map<String, TableFieldSchema> left = new TreeMap<>();
        table.getFieldsList().forEach(field -> left.put(field.getName().toLowerCase(Locale.ROOT), field));
        List<String> faults = new ArrayList<>();
        for (Column column : columns) {
            TableFieldSchema field = left.remove(column.name());
            Set<Type> types = types(column.kind());
            if (field == null) {
                faults.add(column.name() + " is missing, expected " + names(types));
            } else if (!types.contains(field.getType()) || field.getMode() == Mode.REPEATED) {
                faults.add(column.name() + " is " + (field.getMode() == Mode.REPEATED ? "repeated " : "")
                        + field.getType() + ", expected " + names(types));
            }
        }
        for (TableFieldSchema field : left.values()) {
            if (field.getMode() == Mode.REQUIRED
                    && field.getDefaultValueExpression().isEmpty()) {
                faults.add(field.getName() + " is required, and no column of the export");
            }
        }
        return faults;
    }

    private static Set<Type> types(Column.Kind kind) {
        return switch (kind) {
            case INTEGER -> Set.of(Type.INT64);
            case REAL -> Set.of(Type.DOUBLE);
            case TEXT -> Set.of(Type.STRING, Type.JSON);
            case TIME -> Set.of(Type.TIMESTAMP);
        };
    }

    private static String names(Set<Type> types) {
        return String.join(" or ", types.stream().map(Type::name).sorted().toList());
    }
}
