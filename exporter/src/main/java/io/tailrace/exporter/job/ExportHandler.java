package io.tailrace.exporter.job;

import io.tailrace.exporter.bigquery.BigQueryExport;
import io.tailrace.exporter.bigquery.TableId;
import io.tailrace.exporter.export.Bounds;
import io.tailrace.exporter.export.Source;
import io.tailrace.exporter.export.Sources;
import io.tailrace.exporter.parquet.ParquetExport;
import io.tailrace.kit.job.JobContext;
import io.tailrace.kit.job.JobFailure;
import io.tailrace.kit.job.JobHandler;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.jspecify.annotations.Nullable;

/** The type {@code export}. Thread-safe. */
@Singleton
final class ExportHandler implements JobHandler<ExportPayload> {
    private static final String INVALID = "invalid_payload";
    private static final String PARQUET = "parquet";
    private static final String BIGQUERY = "bigquery";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_-]{0,63}");

    private final Sources sources;
    private final ParquetExport parquet;
    private final BigQueryExport bigQuery;

    ExportHandler(Sources sources, ParquetExport parquet, BigQueryExport bigQuery) {
        this.sources = sources;
        this.parquet = parquet;
        this.bigQuery = bigQuery;
    }

    @Override
    public String type() {
        return "export";
    }

    @Override
    public Class<ExportPayload> payload() {
        return ExportPayload.class;
    }

    @Override
    public Object run(ExportPayload payload, JobContext context) throws Exception {
        // The name is a folder's, and not a way out of it.
        if (!NAME.matcher(payload.name()).matches()) {
            throw invalid("name: \"" + payload.name() + "\", expected " + NAME);
        }
        Source source = sources.of(payload.source())
                .orElseThrow(() -> invalid(
                        "source: \"" + payload.source() + "\", expected one of " + String.join(", ", sources.names())));
        Bounds bounds = bounds(payload);
        TableId table = table(payload);
        try {
            return table == null
                    ? parquet.run(new ParquetExport.Request(payload.name(), source, bounds), context)
                    : bigQuery.run(new BigQueryExport.Request(payload.name(), source, bounds, table), context);
        } catch (OffsetOutOfRangeException e) {
            throw JobFailure.lasting(
                    "records_lost",
                    "the log has lost records of the range before they were exported; a new job exports what there is",
                    e);
        }
    }

    /** The table of an export to BigQuery; null if it is one to files. */
    private static @Nullable TableId table(ExportPayload payload) throws JobFailure {
        String target = payload.target() == null ? PARQUET : payload.target();
        String table = payload.table();
        if (!target.equals(PARQUET) && !target.equals(BIGQUERY)) {
            throw invalid("target: \"" + target + "\", expected " + PARQUET + " or " + BIGQUERY);
        }
        if (target.equals(PARQUET)) {
            if (table != null) {
                throw invalid("table: expected with the target " + BIGQUERY + " alone");
            }
            return null;
        }
        return Optional.ofNullable(table)
                .flatMap(TableId::parse)
                .orElseThrow(() -> invalid(
                        "table: " + (table == null ? "is missing" : "\"" + table + "\"") + ", " + TableId.EXPECTED));
    }

    private static Bounds bounds(ExportPayload payload) throws JobFailure {
        Instant from = time("from", payload.from());
        Instant to = time("to", payload.to());
        if (from != null && to != null && !from.isBefore(to)) {
            throw invalid("to: \"" + payload.to() + "\", expected a time after from");
        }
        Long most = payload.most();
        if (most != null && most < 1) {
            throw invalid("most: " + most + ", expected at least 1");
        }
        return new Bounds(from, to, most == null ? Long.MAX_VALUE : most);
    }

    private static @Nullable Instant time(String field, @Nullable String text) throws JobFailure {
        try {
            return text == null ? null : OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw invalid(field + ": \"" + text + "\", expected a time as of RFC 3339");
        }
    }

    private static JobFailure invalid(String message) {
        return JobFailure.lasting(INVALID, message, null);
    }
}
