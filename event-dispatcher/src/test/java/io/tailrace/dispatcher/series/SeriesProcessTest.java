package io.tailrace.dispatcher.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.event.EventTypes;
import io.tailrace.contracts.event.MetricReadingCreated;
import io.tailrace.contracts.series.SeriesPoint;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.dispatcher.testing.DispatcherProcess;
import io.tailrace.dispatcher.testing.Facts;
import io.tailrace.dispatcher.testing.Scratch;
import io.tailrace.dispatcher.testing.TestBroker;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The dispatcher as a process, against a real broker, killed while readings come, and started without anything that it knew. */
@Tag("server")
class SeriesProcessTest {
    private static final String APPLICATION = "tailrace-series-v1";
    private static final String CHANNELS = "tailrace.channels.series";
    private static final int METRICS = 3;
    private static final int LIVES = 2;
    private static final int POINTS_PER_LIFE = 60;

    private final TestBroker broker = new TestBroker();

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void killed_in_the_middle_each_reading_is_in_its_window_once_and_made_anew_the_windows_are_the_same(
            @TempDir Path state) {
        // given readings that come while the dispatcher is killed again and again
        try (TestBroker.Reader channel = broker.reader(CHANNELS);
                Sensors sensors = new Sensors()) {
            for (int life = 0; life < LIVES; life++) {
                try (DispatcherProcess dispatcher = start(state)) {
                    int enough = channel.records().size() + POINTS_PER_LIFE;
                    holds(dispatcher, () -> channel.records().size() >= enough);
                    dispatcher.kill();
                }
            }
            sensors.stop();

            // when it is left alone
            Windows windows;
            int before;
            try (DispatcherProcess dispatcher = start(state)) {
                holds(dispatcher, () -> new Windows(channel.records(), 0).has(sensors.written));
                windows = new Windows(channel.records(), 0);
                dispatcher.terminate();
                before = channel.records().size();
            }

            // then each window has its readings, and was never told with fewer than before
            assertThat(windows.counts()).isEqualTo(sensors.written);
            assertThat(windows.backwards).isEmpty();

            // and when it has lost everything that it knew, then it makes the same windows of the log
            broker.forgetGroup(APPLICATION);
            broker.deleteTopics(APPLICATION + "-");
            Scratch.delete(folderOf(state));
            try (DispatcherProcess dispatcher = start(state)) {
                holds(dispatcher, () -> new Windows(channel.records(), before).has(sensors.written));
            }
            assertThat(new Windows(channel.records(), before).last).isEqualTo(windows.last);
        }
    }

    /** Below a folder of the cluster. */
    private static Path folderOf(Path state) {
        try (Stream<Path> clusters = Files.list(state)) {
            return clusters.map(cluster -> cluster.resolve(APPLICATION))
                    .filter(Files::isDirectory)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void holds(DispatcherProcess dispatcher, Supplier<Boolean> what) {
        Eventually.holds(dispatcher::output, what::get);
    }

    private DispatcherProcess start(Path state) {
        return DispatcherProcess.start(broker.settings().bootstrap(), state, Map.of());
    }

    /** Writes readings of some metrics every few milliseconds. */
    private final class Sensors implements AutoCloseable {
        private static final long PERIOD_MS = 5;

        private final List<UUID> metrics = new ArrayList<>();

        /** How many readings each finest window has. */
        private final Map<String, Long> written = new HashMap<>();

        private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
        private final ScheduledFuture<?> writing;
        private int count;

        Sensors() {
            for (int i = 0; i < METRICS; i++) {
                metrics.add(UUID.randomUUID());
            }
            writing = executor.scheduleAtFixedRate(this::write, 0, PERIOD_MS, TimeUnit.MILLISECONDS);
        }

        private void write() {
            UUID metric = metrics.get(count % METRICS);
            // Whole numbers, whose sum does not depend on their order.
            double value = 1 + count++ % 100;
            Instant at = Instant.now();
            broker.write(
                    Topics.READINGS,
                    Facts.record(
                            metric.toString(),
                            Facts.event(
                                    EventTypes.METRIC_READING_CREATED,
                                    new MetricReadingCreated(UUID.randomUUID(), metric, value, at))));
            written.merge(metric + "@" + at.truncatedTo(ChronoUnit.SECONDS), 1L, Long::sum);
        }

        void stop() {
            assertThat(writing.cancel(false)).as("still writing").isTrue();
            close();
        }

        @Override
        public void close() {
            executor.close();
        }
    }

    /** What the channels say of the finest windows, in the order of the log. */
    private static final class Windows {
        /** As each was told last. */
        private final Map<String, SeriesPoint> last = new HashMap<>();

        private final List<SeriesPoint> backwards = new ArrayList<>();

        Windows(List<ConsumerRecord<byte[], byte[]>> records, int from) {
            for (ConsumerRecord<byte[], byte[]> record : records.subList(from, records.size())) {
                SeriesPoint point = read(record);
                if (point.resolution().equals("1s")) {
                    SeriesPoint before = last.put(point.metricId() + "@" + point.t(), point);
                    if (before != null && before.count() > point.count()) {
                        backwards.add(point);
                    }
                }
            }
        }

        Map<String, Long> counts() {
            Map<String, Long> counts = new HashMap<>();
            last.forEach((window, point) -> counts.put(window, point.count()));
            return counts;
        }

        boolean has(Map<String, Long> readings) {
            return counts().equals(readings);
        }

        private static SeriesPoint read(ConsumerRecord<byte[], byte[]> record) {
            try {
                return Json.read(record.value(), SeriesPoint.class);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
