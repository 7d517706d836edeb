package io.tailrace.exporter.bigquery;

import com.google.cloud.bigquery.storage.v1.ProtoSchema;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import io.tailrace.exporter.export.Column;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows as the API takes them: messages of Protocol Buffers, with a field for each column under its number from 1 on. A time is its microseconds since 1970,
 * which is what a column of the type TIMESTAMP takes for an integer. Immutable and pure.
 */
final class RowFormat {
    private final List<Column> columns;

    RowFormat(List<Column> columns) {
        this.columns = List.copyOf(columns);
    }

    /** What the messages are. */
    ProtoSchema schema() {
        DescriptorProto.Builder row = DescriptorProto.newBuilder().setName("Row");
        for (int i = 0; i < columns.size(); i++) {
            row.addField(FieldDescriptorProto.newBuilder()
                    .setName(columns.get(i).name())
                    .setNumber(i + 1)
                    .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
                    .setType(type(columns.get(i).kind())));
        }
        return ProtoSchema.newBuilder().setProtoDescriptor(row).build();
    }

    private static FieldDescriptorProto.Type type(Column.Kind kind) {
        return switch (kind) {
            case INTEGER, TIME -> FieldDescriptorProto.Type.TYPE_INT64;
            case REAL -> FieldDescriptorProto.Type.TYPE_DOUBLE;
            case TEXT -> FieldDescriptorProto.Type.TYPE_STRING;
        };
    }

    /** The message of a row. A column without a value has no field. */
    byte[] write(@Nullable Object[] row) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        for (int i = 0; i < columns.size(); i++) {
            Object value = row[i];
            if (value != null) {
                write(out, i + 1, columns.get(i).kind(), value);
            }
        }
        out.flush();
        return bytes.toByteArray();
    }

    private static void write(CodedOutputStream out, int number, Column.Kind kind, Object value) throws IOException {
        switch (kind) {
            case INTEGER -> out.writeInt64(number, (Long) value);
            case REAL -> out.writeDouble(number, (Double) value);
            case TEXT -> out.writeString(number, (String) value);
            case TIME -> out.writeInt64(number, ChronoUnit.MICROS.between(Instant.EPOCH, (Instant) value));
        }
    }
}
