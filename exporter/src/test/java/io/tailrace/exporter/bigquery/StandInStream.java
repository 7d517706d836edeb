package io.tailrace.exporter.bigquery;

import com.google.cloud.bigquery.storage.v1.AppendRowsRequest;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.RowError;
import com.google.cloud.bigquery.storage.v1.StorageError;
import com.google.cloud.bigquery.storage.v1.StorageError.StorageErrorCode;
import com.google.cloud.bigquery.storage.v1.TableFieldSchema;
import com.google.cloud.bigquery.storage.v1.TableSchema;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Int64Value;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A stream of the stand-in: rows by their offsets, strictly. Guarded by the stand-in. */
final class StandInStream {
    private final String name;
    private final TableSchema table;
    private final List<Row> rows = new ArrayList<>();
    private boolean isFinalized;

    StandInStream(String name, TableSchema table) {
        this.name = name;
        this.table = table;
    }

    /** A row as it came. */
    private record Row(ByteString bytes, Descriptor type) {}

    /** Its rows, by the names of their columns. */
    Stream<Map<String, Object>> rows() {
        return List.copyOf(rows).stream().flatMap(row -> read(row.bytes(), row.type()).stream());
    }

    boolean isFinalized() {
        return isFinalized;
    }

    long seal() {
        isFinalized = true;
        return rows.size();
    }

    /** Rows that nobody sees being appended. */
    void addBehindOurBack(int count) {
        for (int i = 0; i < count; i++) {
            rows.add(new Row(ByteString.EMPTY, Int64Value.getDescriptor()));
        }
    }

    /**
     * Appends all rows of a request or none.
     *
     * @param keeps whether it does what it says; else the rows are acknowledged and lost
     */
    AppendRowsResponse append(AppendRowsRequest request, Descriptor row, boolean keeps, @Nullable String poison) {
        if (isFinalized) {
            return error(Status.Code.INVALID_ARGUMENT, StorageErrorCode.STREAM_FINALIZED, "Stream is finalized");
        }
        if (!request.hasOffset()) {
            return error(Status.Code.INVALID_ARGUMENT, null, "This stand-in wants an offset");
        }
        long offset = request.getOffset().getValue();
        if (offset != rows.size()) {
            boolean exists = offset < rows.size();
            return error(
                    exists ? Status.Code.ALREADY_EXISTS : Status.Code.OUT_OF_RANGE,
                    exists ? StorageErrorCode.OFFSET_ALREADY_EXISTS : StorageErrorCode.OFFSET_OUT_OF_RANGE,
                    "The offset is " + (exists ? "within" : "beyond") + " stream, expected offset " + rows.size()
                            + ", received " + offset);
        }
        for (FieldDescriptor field : row.getFields()) {
            if (column(field.getName()).isEmpty()) {
                return error(
                        Status.Code.INVALID_ARGUMENT,
                        StorageErrorCode.SCHEMA_MISMATCH_EXTRA_FIELDS,
                        "Input schema has more fields than BigQuery schema: " + field.getName());
            }
        }
        List<Row> taken = new ArrayList<>();
        for (ByteString each : request.getProtoRows().getRows().getSerializedRowsList()) {
            Optional<Map<String, Object>> read = read(each, row);
            if (read.isEmpty() || poison != null && read.get().containsValue(poison)) {
                return refused(taken.size());
            }
            taken.add(new Row(each, row));
        }
        if (keeps) {
            rows.addAll(taken);
        }
        return AppendRowsResponse.newBuilder()
                .setWriteStream(name)
                .setAppendResult(AppendRowsResponse.AppendResult.newBuilder().setOffset(Int64Value.of(offset)))
                .build();
    }

    private Optional<TableFieldSchema> column(String column) {
        return table.getFieldsList().stream()
                .filter(each -> each.getName().equals(column))
                .findFirst();
    }

    private Optional<Map<String, Object>> read(ByteString bytes, Descriptor type) {
        try {
            DynamicMessage message = DynamicMessage.parseFrom(type, bytes);
            Map<String, Object> row = new HashMap<>();
            message.getAllFields().forEach((field, value) -> row.put(field.getName(), value));
            boolean isWhole = table.getFieldsList().stream()
                    .allMatch(column ->
                            column.getMode() != TableFieldSchema.Mode.REQUIRED || row.containsKey(column.getName()));
            return isWhole && message.getUnknownFields().asMap().isEmpty() ? Optional.of(row) : Optional.empty();
        } catch (InvalidProtocolBufferException e) {
            return Optional.empty();
        }
    }

    private AppendRowsResponse refused(int index) {
        return error(Status.Code.INVALID_ARGUMENT, null, "Errors found while processing rows").toBuilder()
                .addRowErrors(RowError.newBuilder()
                        .setIndex(index)
                        .setCode(RowError.RowErrorCode.FIELDS_ERROR)
                        .setMessage("row " + index + " has a value that the column does not take"))
                .build();
    }

    private AppendRowsResponse error(Status.Code code, @Nullable StorageErrorCode storage, String message) {
        com.google.rpc.Status.Builder status =
                com.google.rpc.Status.newBuilder().setCode(code.value()).setMessage(message);
        if (storage != null) {
            status.addDetails(Any.pack(StorageError.newBuilder()
                    .setCode(storage)
                    .setEntity(name)
                    .setErrorMessage(message)
                    .build()));
        }
        return AppendRowsResponse.newBuilder()
                .setWriteStream(name)
                .setError(status)
                .build();
    }
}
