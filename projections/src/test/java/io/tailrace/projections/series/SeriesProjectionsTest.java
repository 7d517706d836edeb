package io.tailrace.projections.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.channel.Channel;
import io.tailrace.contracts.channel.Namespaces;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.MetricReadingCreated;
import io.tailrace.contracts.series.Resolutions;
import io.tailrace.contracts.series.SeriesPoint;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SeriesProjectionsTest {
    private static final UUID METRIC = new UUID(1, 1);
    private static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");
    private static final SeriesPoint POINT =
            new SeriesPoint(METRIC, "1s", AT, 2, 4, 1, 3, 2, 1, 3, AT.plusMillis(7), 1, 3, 3);
    private static final String CHANNEL = "series:" + METRIC + ":1s";

    private final PointProjection points = new PointProjection(
            Namespaces.builtIn().of(new Channel("series")).orElseThrow(), Resolutions.parse(Resolutions.STANDARD));
    private final ReadingProjection readings = new ReadingProjection();

    @Test
    void a_point_is_the_state_of_its_window_at_its_place_in_the_log() {
        assertThat(points.topic()).isEqualTo("tailrace.channels.series");
        assertThat(points.read(new LogEntry.Fact(CHANNEL, event("point", POINT), 42)))
                .isEqualTo(new ParsedRecord.Changes<>(new PointChange(POINT, 1_000, 42)));
    }

    @Test
    void a_point_of_a_resolution_that_is_not_kept_is_passed_over() {
        String json = json(POINT).replace("\"1s\"", "\"5s\"");

        assertThat(points.read(new LogEntry.Fact("series:" + METRIC + ":5s", event("point", json), 1)))
                .isInstanceOf(ParsedRecord.Ignored.class);
        assertThat(points.read(new LogEntry.Fact(CHANNEL, event("series_gap", "{}"), 1)))
                .isInstanceOf(ParsedRecord.Ignored.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"1s\"|\"1m\"|key: not the channel of the metric and the resolution",
                "\"1s\"|null|resolution: missing",
                "\"count\":2|\"count\":0|count: 0, expected at least 1",
                "\"t\":|\"when\":|t: missing",
                "metric_id|metric|metric_id: missing",
            })
    void a_point_that_makes_no_sense_is_poison(String part, String other, String reason) {
        String json = json(POINT).replace(part, other);

        assertThat(points.read(new LogEntry.Fact(CHANNEL, event("point", json), 1)))
                .isEqualTo(new ParsedRecord.Poison<>(reason));
    }

    @Test
    void a_reading_is_itself_and_one_without_a_metric_is_poison() {
        MetricReadingCreated reading = new MetricReadingCreated(new UUID(2, 2), METRIC, 1.5, AT);
        Event event = event(EventTypes.METRIC_READING_CREATED, reading);

        assertThat(readings.read(new LogEntry.Fact(METRIC.toString(), event)))
                .isEqualTo(new ParsedRecord.Changes<>(reading));
        assertThat(readings.read(new LogEntry.Fact(new UUID(3, 3).toString(), event)))
                .isInstanceOf(ParsedRecord.Poison.class);
        assertThat(readings.read(new LogEntry.Tombstone(METRIC.toString()))).isInstanceOf(ParsedRecord.Poison.class);
    }

    private static String json(Object payload) {
        return new String(Json.write(payload), StandardCharsets.UTF_8);
    }

    private static Event event(String type, Object payload) {
        byte[] data = payload instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : Json.write(payload);
        return new Event(UUID.randomUUID().toString(), type, "/test", AT, null, data);
    }
}
