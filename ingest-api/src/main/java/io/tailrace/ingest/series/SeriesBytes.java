package io.tailrace.ingest.series;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tailrace.kit.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Answers about series as bytes, in chunks that are written one after the other. Pure. */
final class SeriesBytes {
    private static final int CHUNK_BYTES = 65_536;
    private static final String END_OF_LINE = "\r\n";

    private SeriesBytes() {}

    /**
     * What an answer says.
     *
     * @param metric the metric
     * @param rows in the order of time, gaps among them
     * @param domain the least and the greatest value of all windows, also of those that are not shown; null if there is none
     * @param position the cursor of {@code channel} at which this is true
     * @param next the {@code from} of a request that goes on here
     */
    record Answer(
            MetricView metric,
            SeriesRequest request,
            List<SeriesRow> rows,
            @Nullable Domain domain,
            String channel,
            String position,
            Instant next) {}

    /** A metric as answers about it name it. */
    record MetricView(UUID id, String name, @Nullable String unit) {}

    /** A range of values. */
    record Domain(double least, double greatest) {
        /** That of windows; null if there is none. */
        static @Nullable Domain of(List<SeriesRow> rows) {
            if (rows.isEmpty()) {
                return null;
            }
            double least = rows.stream().mapToDouble(SeriesRow::min).min().orElse(0);
            double greatest = rows.stream().mapToDouble(SeriesRow::max).max().orElse(0);
            return new Domain(least, greatest);
        }
    }

    /** As JSON. */
    static List<byte[]> json(Answer answer) {
        Chunks chunks = new Chunks();
        try (JsonGenerator json = Json.mapper().createGenerator(chunks)) {
            json.writeStartObject();
            json.writeObjectFieldStart("metric");
            json.writeStringField("id", answer.metric().id().toString());
            json.writeStringField("name", answer.metric().name());
            writeUnit(json, answer.metric().unit());
            json.writeEndObject();
            json.writeStringField("resolution", answer.request().resolution().label());
            axes(json, answer);
            json.writeArrayFieldStart("columns");
            for (SeriesColumn column : answer.request().columns()) {
                json.writeString(column.label());
            }
            json.writeEndArray();
            json.writeArrayFieldStart("rows");
            for (SeriesRow row : answer.rows()) {
                json.writeStartArray();
                for (SeriesColumn column : answer.request().columns()) {
                    column.write(row, json);
                }
                json.writeEndArray();
            }
            json.writeEndArray();
            json.writeStringField("channel", answer.channel());
            json.writeStringField("position", answer.position());
            json.writeStringField("next", answer.next().toString());
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return chunks.all();
    }

    private static void axes(JsonGenerator json, Answer answer) throws IOException {
        json.writeObjectFieldStart("axes");
        json.writeObjectFieldStart("x");
        json.writeStringField("type", "time");
        json.writeArrayFieldStart("domain");
        json.writeString(answer.request().range().from().toString());
        json.writeString(answer.request().range().to().toString());
        json.writeEndArray();
        json.writeEndObject();
        json.writeObjectFieldStart("y");
        json.writeStringField("type", "linear");
        Domain domain = answer.domain();
        if (domain == null) {
            json.writeNullField("domain");
        } else {
            json.writeArrayFieldStart("domain");
            json.writeNumber(domain.least());
            json.writeNumber(domain.greatest());
            json.writeEndArray();
        }
        writeUnit(json, answer.metric().unit());
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void writeUnit(JsonGenerator json, @Nullable String unit) throws IOException {
        if (unit != null) {
            json.writeStringField("unit", unit);
        }
    }

    /** As CSV (RFC 4180) with a header line; gaps have empty fields. */
    static List<byte[]> csv(Answer answer) {
        List<SeriesColumn> columns = answer.request().columns();
        Chunks chunks = new Chunks();
        chunks.write(columns.stream().map(SeriesColumn::label).collect(Collectors.joining(",", "", END_OF_LINE)));
        for (SeriesRow row : answer.rows()) {
            chunks.write(
                    columns.stream().map(column -> column.csv(row)).collect(Collectors.joining(",", "", END_OF_LINE)));
        }
        return chunks.all();
    }

    private static final class Chunks extends OutputStream {
        private final List<byte[]> full = new ArrayList<>();
        private final ByteArrayOutputStream current = new ByteArrayOutputStream();

        void write(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            write(bytes, 0, bytes.length);
        }

        @Override
        public void write(int one) {
            current.write(one);
            cut();
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            current.write(bytes, from, length);
            cut();
        }

        private void cut() {
            if (current.size() >= CHUNK_BYTES) {
                full.add(current.toByteArray());
                current.reset();
            }
        }

        List<byte[]> all() {
            List<byte[]> all = new ArrayList<>(full);
            if (current.size() > 0) {
                all.add(current.toByteArray());
            }
            return all;
        }
    }
}
