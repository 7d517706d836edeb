package io.tailrace.dispatcher.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.dispatcher.ProductionConfig;
import io.tailrace.dispatcher.testing.Facts;
import io.tailrace.dispatcher.testing.Harness;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MetricsTopologyTest {
    private static final MetricsTopics TOPICS = MetricsTopics.standard();
    private static final UUID CPU = new UUID(1, 1);
    private static final UUID DISK = new UUID(2, 2);

    private final Harness harness = new Harness(
            MetricsTopology.build(TOPICS, new MetricsSettings(Duration.ofHours(24), 1, 10_000), Harness.FORM),
            ProductionConfig.of("tailrace-metrics-v1"));
    private final TestInputTopic<byte[], byte[]> metrics = harness.input(TOPICS.metrics());
    private final TestInputTopic<byte[], byte[]> readings = harness.input(TOPICS.readings());
    private final TestOutputTopic<byte[], byte[]> channel = harness.output(TOPICS.metricsChannel());

    @AfterEach
    void close() {
        harness.close();
    }

    @Test
    void a_metric_and_its_readings_appear_in_the_channel_in_order_with_their_data_unchanged() {
        var cpu = Facts.metric(CPU, "cpu");
        var first = Facts.reading(UUID.randomUUID(), CPU, 0.25);
        var second = Facts.reading(UUID.randomUUID(), CPU, 1e300);

        metrics.pipeInput(cpu);
        readings.pipeInput(first);
        readings.pipeInput(second);

        List<TestRecord<byte[], byte[]>> delivered = channel.readRecordsToList();
        assertThat(delivered).hasSize(3);
        assertThat(delivered).extracting(TestRecord::value).containsExactly(cpu.value(), first.value(), second.value());
        assertThat(delivered).allSatisfy(record -> {
            assertThat(Facts.text(record.key())).isEqualTo("metrics");
            assertThat(Facts.header(record, "ce_subject")).isEqualTo("metrics");
        });
        assertThat(delivered)
                .extracting(record -> Facts.header(record, "ce_type"))
                .containsExactly("metric_created", "metric_reading_created", "metric_reading_created");
        assertThat(delivered)
                .extracting(record -> Facts.header(record, "ce_id"))
                .containsExactly(
                        Facts.header(cpu, "ce_id"), Facts.header(first, "ce_id"), Facts.header(second, "ce_id"));
    }

    @Test
    void a_reading_that_is_in_the_log_twice_is_delivered_once() {
        UUID id = UUID.randomUUID();
        readings.pipeInput(Facts.reading(id, CPU, 1));

        readings.pipeInput(Facts.reading(id, CPU, 1));

        assertThat(channel.readRecordsToList()).hasSize(1);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("poisonedReadings")
    void a_reading_that_cannot_be_used_is_a_dead_letter_and_the_next_one_arrives(
            String fault, String kind, TestRecord<byte[], byte[]> poisoned) {
        readings.pipeInput(poisoned);
        readings.pipeInput(Facts.reading(UUID.randomUUID(), CPU, 1));

        assertThat(harness.deadLetters())
                .extracting(letter -> Facts.header(letter, "dead_letter_kind"))
                .containsExactly(kind);
        assertThat(channel.readRecordsToList()).hasSize(1);
    }

    static Stream<Arguments> poisonedReadings() {
        Event event = Facts.event(EventTypes.METRIC_READING_CREATED, List.of());
        String key = CPU.toString();
        String value = Facts.text(Facts.reading(UUID.randomUUID(), CPU, 5).value());
        return Stream.of(
                Arguments.of("no value", "null_value", Facts.record(key, null, Facts.headers(event))),
                Arguments.of("no headers", "envelope", Facts.record(key, Facts.bytes(value), new RecordHeaders())),
                Arguments.of("a metric", "unknown_type", Facts.metric(CPU, "cpu")),
                Arguments.of("no object", "value", Facts.record(key, event)),
                Arguments.of("zero", "value", changed(event, value.replace("5.0", "0"))),
                Arguments.of("below zero", "value", changed(event, value.replace("5.0", "-1"))),
                Arguments.of("beyond any double", "value", changed(event, value.replace("5.0", "1e999"))),
                Arguments.of("no number", "value", changed(event, value.replace("5.0", "\"much\""))),
                Arguments.of("no metric", "value", changed(event, value.replace("metric_id", "metric"))),
                Arguments.of(
                        "another metric's key",
                        "key",
                        Facts.record(DISK.toString(), Facts.bytes(value), Facts.headers(event))));
    }

    private static TestRecord<byte[], byte[]> changed(Event event, String value) {
        return Facts.record(CPU.toString(), Facts.bytes(value), Facts.headers(event));
    }
}
