package io.tailrace.exporter.bigquery;

import com.google.api.gax.rpc.ApiException;
import com.google.cloud.bigquery.storage.v1.Exceptions.AppendSerializtionError;
import com.google.cloud.bigquery.storage.v1.Exceptions.SchemaMismatchedException;
import com.google.cloud.bigquery.storage.v1.Exceptions.StreamFinalizedException;
import com.google.cloud.bigquery.storage.v1.Exceptions.StreamNotFound;
import io.grpc.Status;
import io.tailrace.kit.job.JobFailure;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

/** What an answer of BigQuery means for the job. Pure. */
final class BigQueryFailures {
    static final String UNAVAILABLE = "bigquery_unavailable";
    static final String STREAM_LOST = "stream_lost";

    private static final int SHOWN = 300;
    private static final int LONGEST_WAIT_DOUBLINGS = 5;

    private BigQueryFailures() {}

    /** What was asked for. */
    enum Call {
        /** A stream for a table. */
        CREATE,
        /** Rows for a stream. */
        APPEND
    }

    /**
     * What failed.
     *
     * @param attempt which attempt at the job it is, from 1 on
     */
    static JobFailure of(Throwable thrown, Call call, TableId table, int attempt) {
        Throwable error = cause(thrown);
        if (error instanceof AppendSerializtionError refused) {
            return JobFailure.lasting("rows_refused", table + " refuses rows: " + first(refused), error);
        }
        if (error instanceof SchemaMismatchedException) {
            return JobFailure.lasting("schema_mismatch", table + ": " + text(error), error);
        }
        if (error instanceof StreamNotFound || error instanceof StreamFinalizedException) {
            return streamLost(table, text(error), error);
        }
        return of(code(error), text(error), error, call, table, attempt);
    }

    private static JobFailure of(
            Status.Code code, String text, Throwable error, Call call, TableId table, int attempt) {
        return switch (code) {
            case UNAUTHENTICATED ->
                JobFailure.passing("credentials_refused", "Google Cloud refuses the credentials: " + text, error);
            case PERMISSION_DENIED ->
                JobFailure.passing(
                        "permission_denied",
                        "The credentials may not write to " + table + ", or it is missing: " + text,
                        error);
            case NOT_FOUND ->
                call == Call.CREATE
                        ? JobFailure.lasting("table_not_found", "There is no table " + table + ": " + text, error)
                        : streamLost(table, text, error);
            case RESOURCE_EXHAUSTED ->
                JobFailure.passingAfter(
                        Duration.ofMinutes(1L << Math.min(LONGEST_WAIT_DOUBLINGS, Math.max(0, attempt - 1))),
                        "quota_exceeded",
                        "A quota of BigQuery is used up: " + text);
            case INVALID_ARGUMENT, UNIMPLEMENTED ->
                JobFailure.lasting("refused", table + " refuses the request: " + text, error);
            case OK,
                    CANCELLED,
                    UNKNOWN,
                    DEADLINE_EXCEEDED,
                    ALREADY_EXISTS,
                    FAILED_PRECONDITION,
                    ABORTED,
                    OUT_OF_RANGE,
                    INTERNAL,
                    UNAVAILABLE,
                    DATA_LOSS ->
                JobFailure.passing(UNAVAILABLE, "BigQuery does not answer as it should: " + text, error);
        };
    }

    private static JobFailure streamLost(TableId table, String text, Throwable error) {
        return JobFailure.lasting(
                STREAM_LOST,
                "The stream of a segment is gone, and with it the count of its rows that " + table + " has: " + text,
                error);
    }

    private static Throwable cause(Throwable thrown) {
        Throwable error = thrown;
        while (error instanceof ExecutionException && error.getCause() != null) {
            error = error.getCause();
        }
        return error;
    }

    private static Status.Code code(Throwable error) {
        return error instanceof ApiException api && api.getStatusCode().getTransportCode() instanceof Status.Code code
                ? code
                : Status.fromThrowable(error).getCode();
    }

    private static String first(AppendSerializtionError refused) {
        Map.Entry<Integer, String> first = new TreeMap<>(refused.getRowIndexToErrorMessage()).firstEntry();
        return first == null ? text(refused) : cut(first.getValue());
    }

    private static String text(Throwable error) {
        return cut(String.valueOf(error.getMessage()));
    }

    private static String cut(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
    }
}
