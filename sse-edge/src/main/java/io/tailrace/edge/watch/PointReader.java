package io.tailrace.edge.watch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Timestamp;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.series.SeriesPoint;
import io.tailrace.grpc.series.v1.Point;
import io.tailrace.kit.json.Json;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes points of the events of channels. Immutable and thread-safe. */
public final class PointReader {
    private final ObjectMapper mapper = Json.mapper();
    private final String metric;
    private final boolean raw;

    /** For the points, or the readings, of a metric. */
    public PointReader(WatchQuestion question) {
        this.metric = question.metric().toString();
        this.raw = question.isRaw();
    }

    /**
     * The point of an event.
     *
     * @param type the event's type
     * @param envelope {@code {"channel", "id", "time", "data"}} as JSON
     * @return null if it is about something else
     * @throws IllegalArgumentException if it is not as it must be
     */
    public @Nullable Point read(String type, String envelope) {
        // The channel of the readings is that of all metrics: most of it need not be parsed.
        if (!type.equals(raw ? EventTypes.METRIC_READING_CREATED : SeriesPoint.TYPE) || !envelope.contains(metric)) {
            return null;
        }
        try {
            JsonNode data = mapper.readTree(envelope).path("data");
            if (!data.path("metric_id").asText().equals(metric)) {
                return null;
            }
            return raw ? reading(data) : window(data);
        } catch (JsonProcessingException | DateTimeException e) {
            throw new IllegalArgumentException(
                    "an event " + type + " of metric " + metric + " is not as it must be", e);
        }
    }

    /** When a point begins, in milliseconds since the epoch. */
    public static long timeMs(Point point) {
        return point.getTime().getSeconds() * 1_000 + point.getTime().getNanos() / 1_000_000;
    }

    private static Point reading(JsonNode data) {
        double value = number(data, "value").doubleValue();
        Timestamp time = time(data.path("timestamp"));
        return Point.newBuilder()
                .setTime(time)
                .setCount(1)
                .setSum(value)
                .setMin(value)
                .setMax(value)
                .setMean(value)
                .setFirst(value)
                .setLast(value)
                .setLastAt(time)
                .setP50(value)
                .setP95(value)
                .setP99(value)
                .build();
    }

    private static Point window(JsonNode data) {
        return Point.newBuilder()
                .setTime(time(data.path("t")))
                .setCount(number(data, "count").longValue())
                .setSum(number(data, "sum").doubleValue())
                .setMin(number(data, "min").doubleValue())
                .setMax(number(data, "max").doubleValue())
                .setMean(number(data, "mean").doubleValue())
                .setFirst(number(data, "first").doubleValue())
                .setLast(number(data, "last").doubleValue())
                .setLastAt(time(data.path("last_at")))
                .setP50(number(data, "p50").doubleValue())
                .setP95(number(data, "p95").doubleValue())
                .setP99(number(data, "p99").doubleValue())
                .build();
    }

    private static JsonNode number(JsonNode data, String field) {
        JsonNode value = data.path(field);
        if (!value.isNumber()) {
            throw new IllegalArgumentException("the field " + field + " is " + value + ", expected a number");
        }
        return value;
    }

    private static Timestamp time(JsonNode text) {
        Instant time = Instant.parse(text.asText());
        return Timestamp.newBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano())
                .build();
    }
}
