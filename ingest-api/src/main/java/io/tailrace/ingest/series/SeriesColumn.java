package io.tailrace.ingest.series;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** A column of the answer. Its name there is the constant's in lower case. */
enum SeriesColumn {
    /** When the window begins. */
    T(row -> row.tMs()),
    /** How many readings are in it. */
    COUNT(row -> row.count()),
    /** Their sum. */
    SUM(SeriesRow::sum),
    /** The least. */
    MIN(SeriesRow::min),
    /** The greatest. */
    MAX(SeriesRow::max),
    /** Their mean. */
    MEAN(SeriesRow::mean),
    /** The value of the earliest. */
    FIRST(SeriesRow::first),
    /** The value of the latest. */
    LAST(SeriesRow::last),
    /** The time of the latest. */
    LAST_AT(row -> row.lastAtUs()),
    /** The median. */
    P50(SeriesRow::p50),
    /** The 95th percentile. */
    P95(SeriesRow::p95),
    /** The 99th percentile. */
    P99(SeriesRow::p99);

    /** The columns of an answer that asks for none. */
    static final List<SeriesColumn> USUAL = List.of(T, COUNT, MIN, MAX, MEAN, P50, P95, P99);

    private final ToDoubleFunction<SeriesRow> number;

    SeriesColumn(ToDoubleFunction<SeriesRow> number) {
        this.number = number;
    }

    /** The name in requests and answers. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The column of that name. */
    static Optional<SeriesColumn> of(String label) {
        return Arrays.stream(values())
                .filter(column -> column.label().equals(label))
                .findFirst();
    }

    /** Writes the value of a row; null in a gap, but for the time and the count. */
    void write(SeriesRow row, JsonGenerator json) throws IOException {
        switch (this) {
            case T -> json.writeString(Instant.ofEpochMilli(row.tMs()).toString());
            case COUNT -> json.writeNumber(row.count());
            case LAST_AT -> {
                if (row.isGap()) {
                    json.writeNull();
                } else {
                    json.writeString(lastAt(row));
                }
            }
            case SUM, MIN, MAX, MEAN, FIRST, LAST, P50, P95, P99 -> {
                if (row.isGap()) {
                    json.writeNull();
                } else {
                    json.writeNumber(number.applyAsDouble(row));
                }
            }
        }
    }

    /** The value of a row as a field of CSV; nothing in a gap, but for the time and the count. */
    String csv(SeriesRow row) {
        return switch (this) {
            case T -> Instant.ofEpochMilli(row.tMs()).toString();
            case COUNT -> Long.toString(row.count());
            case LAST_AT -> row.isGap() ? "" : lastAt(row);
            case SUM, MIN, MAX, MEAN, FIRST, LAST, P50, P95, P99 ->
                row.isGap() ? "" : Double.toString(number.applyAsDouble(row));
        };
    }

    private static String lastAt(SeriesRow row) {
        return Instant.EPOCH.plus(row.lastAtUs(), ChronoUnit.MICROS).toString();
    }
}
