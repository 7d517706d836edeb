package io.tailrace.exporter.bigquery;

import com.google.api.core.ApiFuture;
import com.google.cloud.bigquery.storage.v1.AppendRowsResponse;
import com.google.cloud.bigquery.storage.v1.BigQueryWriteClient;
import com.google.cloud.bigquery.storage.v1.CreateWriteStreamRequest;
import com.google.cloud.bigquery.storage.v1.Exceptions.OffsetAlreadyExists;
import com.google.cloud.bigquery.storage.v1.Exceptions.OffsetOutOfRange;
import com.google.cloud.bigquery.storage.v1.FinalizeWriteStreamRequest;
import com.google.cloud.bigquery.storage.v1.ProtoRows;
import com.google.cloud.bigquery.storage.v1.StreamWriter;
import com.google.cloud.bigquery.storage.v1.WriteStream;
import com.google.protobuf.ByteString;
import io.tailrace.exporter.bigquery.BigQueryFailures.Call;
import io.tailrace.exporter.export.Column;
import io.tailrace.kit.job.JobFailure;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes to streams of a table, one append after the other. Confined to one thread; blocks. */
final class TableWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TableWriter.class);

    /** What Google shows of whom a request is from. */
    private static final String TRACE_ID = "tailrace:exporter";

    private final BigQueryWriteClient client;
    private final BigQuerySettings settings;
    private final TableId table;
    private final List<Column> columns;
    private final RowFormat format;
    private final int attempt;
    private @Nullable StreamWriter writer;

    /**
     * For one attempt at a job.
     *
     * @param attempt which one, from 1 on
     */
    TableWriter(BigQueryClients clients, TableId table, List<Column> columns, int attempt)
            throws JobFailure, IOException {
        this.client = clients.open();
        this.settings = clients.settings();
        this.table = table;
        this.columns = columns;
        this.format = new RowFormat(columns);
        this.attempt = attempt;
    }

    RowFormat format() {
        return format;
    }

    TableId table() {
        return table;
    }

    /**
     * Makes a stream whose rows are in the table as soon as they are acknowledged.
     *
     * @return its name
     * @throws JobFailure if there is no such table, or it does not take the rows
     */
    String create() throws JobFailure, InterruptedException {
        WriteStream stream = answer(
                client.createWriteStreamCallable()
                        .futureCall(CreateWriteStreamRequest.newBuilder()
                                .setParent(table.path())
                                .setWriteStream(WriteStream.newBuilder().setType(WriteStream.Type.COMMITTED))
                                .build()),
                Call.CREATE);
        List<String> faults = TableFit.faults(stream.getTableSchema(), columns);
        if (!faults.isEmpty()) {
            throw JobFailure.lasting("schema_mismatch", table + " does not fit: " + String.join("; ", faults), null);
        }
        return stream.getName();
    }

    /**
     * Appends rows at their place in a stream.
     *
     * @param row the number of the first one
     * @throws JobFailure if they are refused, or there is no answer
     */
    Appended append(String stream, long row, List<ByteString> rows) throws JobFailure, InterruptedException {
        boolean isDone = false;
        try {
            AppendRowsResponse response = writer(stream)
                    .append(ProtoRows.newBuilder().addAllSerializedRows(rows).build(), row)
                    .get(settings.answerTimeout().toMillis(), TimeUnit.MILLISECONDS);
            isDone = true;
            long at = response.getAppendResult().hasOffset()
                    ? response.getAppendResult().getOffset().getValue()
                    : row;
            return at == row ? new Appended.Written() : new Appended.Missing(at);
        } catch (ExecutionException e) {
            return switch (e.getCause()) {
                case OffsetAlreadyExists there -> new Appended.Exists(there.getExpectedOffset());
                case OffsetOutOfRange missing -> new Appended.Missing(missing.getExpectedOffset());
                case null, default -> throw BigQueryFailures.of(e, Call.APPEND, table, attempt);
            };
        } catch (TimeoutException e) {
            throw late();
        } catch (IOException | RuntimeException e) {
            throw BigQueryFailures.of(e, Call.APPEND, table, attempt);
        } finally {
            if (!isDone) {
                // What a connection is worth after an error is not said, so the next append has another one.
                leave();
            }
        }
    }

    private StreamWriter writer(String stream) throws IOException {
        StreamWriter current = writer;
        if (current != null && current.getStreamName().equals(stream) && !current.isClosed()) {
            return current;
        }
        leave();
        current = StreamWriter.newBuilder(stream, client)
                .setWriterSchema(format.schema())
                .setMaxRetryDuration(settings.reconnectFor())
                .setTraceId(TRACE_ID)
                .build();
        writer = current;
        return current;
    }

    /** Ends a stream, so that nobody can append to it. It is only tidied up: no row follows, and BigQuery ends streams by itself. */
    void seal(String stream) throws InterruptedException {
        leave();
        try {
            var unused = answer(
                    client.finalizeWriteStreamCallable()
                            .futureCall(FinalizeWriteStreamRequest.newBuilder()
                                    .setName(stream)
                                    .build()),
                    Call.APPEND);
        } catch (JobFailure e) {
            LOG.info("A stream of {} was not finalized: {}", table, e.getMessage());
        }
    }

    private <T> T answer(ApiFuture<T> asked, Call call) throws JobFailure, InterruptedException {
        try {
            return asked.get(settings.answerTimeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw BigQueryFailures.of(e, call, table, attempt);
        } catch (TimeoutException e) {
            throw late();
        }
    }

    private JobFailure late() {
        return JobFailure.passing(
                BigQueryFailures.UNAVAILABLE,
                "BigQuery has not answered within " + settings.answerTimeout().toMillis() + " ms",
                null);
    }

    /** The client waits for up to three minutes for a server that says nothing, and nobody waits with it. */
    private void leave() {
        StreamWriter left = writer;
        if (left != null) {
            writer = null;
            var unused = Thread.ofVirtual().name("bigquery-close").start(left::close);
        }
    }

    @Override
    public void close() {
        leave();
        client.shutdownNow();
    }
}
