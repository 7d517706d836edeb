package io.tailrace.dispatcher.series;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.MetricReadingCreated;
import io.tailrace.contracts.series.Resolutions;
import io.tailrace.dispatcher.ProductionConfig;
import io.tailrace.dispatcher.testing.Facts;
import io.tailrace.dispatcher.testing.Harness;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SeriesTopologyTest {
    private static final SeriesTopics TOPICS = new SeriesTopics("tailrace.readings", "tailrace.channels.series");
    private static final UUID CPU = new UUID(1, 1);
    private static final SeriesBounds BOUNDS = new SeriesBounds(
            Resolutions.parse(Resolutions.STANDARD),
            Duration.ofMinutes(10),
            Duration.ofHours(2),
            1,
            10_000,
            Duration.ofMillis(50));

    private final Harness harness =
            new Harness(SeriesTopology.build(TOPICS, BOUNDS, Harness.FORM), ProductionConfig.of("tailrace-series-v1"));
    private final TestInputTopic<byte[], byte[]> readings = harness.input(TOPICS.readings());
    private final TestOutputTopic<byte[], byte[]> channel = harness.output(TOPICS.seriesChannel());

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void the_first_reading_is_a_point_of_each_resolution_at_once() {
        readings.pipeInput(reading(21.5, Facts.NOW));

        List<TestRecord<byte[], byte[]>> points = channel.readRecordsToList();
        assertThat(points)
                .extracting(point -> Facts.text(point.key()))
                .containsExactly(
                        "series:" + CPU + ":1s",
                        "series:" + CPU + ":10s",
                        "series:" + CPU + ":1m",
                        "series:" + CPU + ":1h");
        assertThat(points).allSatisfy(point -> {
            assertThat(Facts.header(point, "ce_type")).isEqualTo("point");
            assertThat(Facts.header(point, "ce_subject")).isEqualTo(Facts.text(point.key()));
        });
        assertThat(points).extracting(point -> Facts.header(point, "ce_id")).doesNotHaveDuplicates();
        assertThat(Facts.text(points.getFirst().value()))
                .isEqualTo("{\"metric_id\":\"" + CPU + "\",\"resolution\":\"1s\",\"t\":\"2026-03-01T12:00:00Z\","
                        + "\"count\":1,\"sum\":21.5,\"min\":21.5,\"max\":21.5,\"mean\":21.5,\"first\":21.5,"
                        + "\"last\":21.5,\"last_at\":\"2026-03-01T12:00:00.123Z\",\"p50\":21.5,\"p95\":21.5,"
                        + "\"p99\":21.5}");
    }

    @Test
    void further_readings_are_told_when_it_is_time() {
        readings.pipeInput(reading(1, Facts.NOW));
        readings.pipeInput(reading(2, Facts.NOW));
        readings.pipeInput(reading(6, Facts.NOW));
        assertThat(channel.readRecordsToList()).hasSize(4);

        harness.driver().advanceWallClockTime(Duration.ofMillis(250));
        assertThat(channel.readRecordsToList()).singleElement().satisfies(point -> {
            assertThat(data(point).path("resolution").asText()).isEqualTo("1s");
            assertThat(data(point).path("count").asInt()).isEqualTo(3);
            assertThat(data(point).path("mean").asDouble()).isEqualTo(3);
        });

        harness.driver().advanceWallClockTime(Duration.ofMinutes(2));
        assertThat(channel.readRecordsToList())
                .extracting(point -> data(point).path("resolution").asText() + " "
                        + data(point).path("sum").asInt())
                .containsExactlyInAnyOrder("10s 9", "1m 9", "1h 9");
    }

    @Test
    void a_reading_that_is_in_the_log_twice_counts_once() {
        TestRecord<byte[], byte[]> once = reading(1, Facts.NOW);
        readings.pipeInput(once);
        readings.pipeInput(once);
        harness.driver().advanceWallClockTime(Duration.ofMinutes(2));

        assertThat(channel.readRecordsToList())
                .allSatisfy(
                        point -> assertThat(data(point).path("count").asInt()).isEqualTo(1))
                .hasSize(4);
    }

    @Test
    void the_store_has_the_lengths_of_windows_what_was_forgotten_of_each_and_how_far_they_go() {
        readings.pipeInput(reading(1, Facts.NOW));

        KeyValueStore<Bytes, byte[]> store = harness.driver().getKeyValueStore("windows");
        StoreSeriesBook book = new StoreSeriesBook(store);
        assertThat(book.lengths()).containsExactly(1_000L, 10_000L, 60_000L, 3_600_000L);
        long graceEndedMs = Facts.NOW.minus(BOUNDS.grace()).toEpochMilli();
        assertThat(book.extent(1_000)).isEqualTo(Extent.ALL.from(graceEndedMs - graceEndedMs % 10_000));
        assertThat(book.extent(3_600_000)).isEqualTo(Extent.ALL.from(graceEndedMs - graceEndedMs % 3_600_000));
        assertThat(book.extent(30_000)).isEqualTo(Extent.ALL);
        Instant end = Facts.NOW.truncatedTo(ChronoUnit.SECONDS).plusSeconds(1);
        assertThat(book.latestEndMs(1_000)).isEqualTo(end.toEpochMilli());
        assertThat(book.latestEndMs(30_000)).isZero();
    }

    @Test
    void readings_that_are_too_late_or_too_far_ahead_are_counted_and_are_no_dead_letters() {
        readings.pipeInput(reading(1, Facts.NOW.minus(Duration.ofMinutes(11))));
        readings.pipeInput(reading(1, Instant.EPOCH));
        readings.pipeInput(reading(1, Facts.NOW.plus(Duration.ofMinutes(121))));

        assertThat(channel.readRecordsToList()).isEmpty();
        assertThat(harness.deadLetters()).isEmpty();
        assertThat(counted("late-total")).isEqualTo(2);
        assertThat(counted("ahead-total")).isEqualTo(1);
    }

    @Test
    void a_reading_that_cannot_be_used_is_a_dead_letter_and_the_next_one_counts() {
        String value = Facts.text(reading(5, Facts.NOW).value());
        Event event = Facts.event(EventTypes.METRIC_READING_CREATED, List.of());
        for (String bad : List.of("0", "-1", "1e999", "\"NaN\"", "null")) {
            readings.pipeInput(
                    Facts.record(CPU.toString(), Facts.bytes(value.replace("5.0", bad)), Facts.headers(event)));
        }
        readings.pipeInput(Facts.metric(CPU, "cpu"));
        readings.pipeInput(reading(5, Facts.NOW));

        assertThat(harness.deadLetters())
                .extracting(letter -> Facts.header(letter, "dead_letter_kind"))
                .containsExactly("value", "value", "value", "value", "value", "unknown_type");
        assertThat(channel.readRecordsToList()).hasSize(4);
    }

    private static TestRecord<byte[], byte[]> reading(double value, Instant at) {
        return Facts.record(
                CPU.toString(),
                Facts.event(
                        EventTypes.METRIC_READING_CREATED,
                        new MetricReadingCreated(UUID.randomUUID(), CPU, value, at)));
    }

    private double counted(String name) {
        return harness.driver().metrics().entrySet().stream()
                .filter(entry ->
                        isOfSeries(entry.getKey()) && entry.getKey().name().equals(name))
                .mapToDouble(entry -> ((Number) entry.getValue().metricValue()).doubleValue())
                .sum();
    }

    private static boolean isOfSeries(MetricName name) {
        return name.group().equals("stream-series-metrics");
    }

    private static JsonNode data(TestRecord<byte[], byte[]> record) {
        try {
            return Json.read(record.value(), JsonNode.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
