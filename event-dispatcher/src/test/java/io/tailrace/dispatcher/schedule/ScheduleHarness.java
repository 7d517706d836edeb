package io.tailrace.dispatcher.schedule;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobEvents.EnqueueRequested;
import io.tailrace.contracts.job.JobSchedule;
import io.tailrace.contracts.job.ScheduleEvents;
import io.tailrace.contracts.job.ScheduleEvents.ScheduleSet;
import io.tailrace.dispatcher.ProductionConfig;
import io.tailrace.dispatcher.testing.Facts;
import io.tailrace.dispatcher.testing.Harness;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;

/** The schedule topology as production builds it. */
final class ScheduleHarness implements AutoCloseable {
    private static final ScheduleTopics TOPICS = new ScheduleTopics("schedules", "commands", "tailrace.channels.jobs");

    private Harness harness = open();
    private final Map<String, TestOutputTopic<byte[], byte[]>> outputs = new HashMap<>();
    private Duration elapsed = Duration.ZERO;

    private static Harness open() {
        ScheduleSettings settings = new ScheduleSettings(
                1,
                900_000,
                Duration.ofMillis(100),
                10,
                new FiringSettings(Duration.ofSeconds(30), Duration.ofDays(1)),
                Duration.ofMillis(25));
        return new Harness(
                ScheduleTopology.build(TOPICS, settings, Harness.FORM), ProductionConfig.of("tailrace-schedules-test"));
    }

    /** The state in another instance, after a time in which there was none. */
    void restartAfter(Duration downtime) {
        List<KeyValue<Bytes, byte[]>> entries = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> all = store().all()) {
            all.forEachRemaining(entries::add);
        }
        harness.close();
        harness = open();
        outputs.clear();
        entries.forEach(entry -> store().put(entry.key, entry.value));
        elapsed = elapsed.plus(downtime);
        // Not earlier: the task does not expect entries that it has not written.
        harness.driver().advanceWallClockTime(elapsed);
    }

    KeyValueStore<Bytes, byte[]> store() {
        return harness.driver().getKeyValueStore("armed-schedules");
    }

    Harness harness() {
        return harness;
    }

    Instant now() {
        return Facts.NOW.plus(elapsed);
    }

    void set(JobSchedule schedule) {
        input(schedule.name(), Facts.event(ScheduleEvents.SCHEDULE_SET, ScheduleSet.of(schedule, Map.of("n", 1))));
    }

    void input(String key, Event event) {
        harness.input(TOPICS.schedules())
                .pipeInput(new TestRecord<>(Facts.bytes(key), event.data(), Facts.headers(event), now()));
    }

    void delete(String key) {
        Event event = Facts.event(ScheduleEvents.SCHEDULE_DELETE_REQUESTED, Map.of());
        harness.input(TOPICS.schedules())
                .pipeInput(new TestRecord<>(Facts.bytes(key), null, Facts.headers(event), now()));
    }

    /** Seconds pass, for the wall clock and so for the log. */
    void pass(int seconds) {
        for (int second = 0; second < seconds; second++) {
            elapsed = elapsed.plusSeconds(1);
            harness.driver().advanceWallClockTime(Duration.ofSeconds(1));
        }
    }

    List<TestRecord<byte[], byte[]>> records(String topic) {
        return outputs.computeIfAbsent(topic, harness::output).readRecordsToList();
    }

    /** The commands for jobs since the last look. */
    List<EnqueueRequested> commands() {
        return records(TOPICS.jobCommands()).stream()
                .map(record -> read(record, EnqueueRequested.class))
                .toList();
    }

    /** The times of the firings since the last look. */
    List<Instant> fired() {
        return commands().stream()
                .map(command -> Objects.requireNonNull(command.schedule()).plannedAt())
                .map(Objects::requireNonNull)
                .toList();
    }

    /** What the channel got since the last look. */
    List<TestRecord<byte[], byte[]>> channel() {
        return records(TOPICS.jobsChannel());
    }

    static <T> T read(TestRecord<byte[], byte[]> record, Class<T> type) {
        try {
            return Json.read(record.value(), type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        harness.close();
    }
}
