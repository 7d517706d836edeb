package io.tailrace.dispatcher.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.backends.Eventually;
import io.tailrace.contracts.job.JobSchedule;
import io.tailrace.contracts.job.MissedPolicy;
import io.tailrace.contracts.job.ScheduleEvents;
import io.tailrace.contracts.job.ScheduleEvents.ScheduleFired;
import io.tailrace.contracts.job.ScheduleEvents.ScheduleSet;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.dispatcher.testing.DispatcherProcess;
import io.tailrace.dispatcher.testing.Facts;
import io.tailrace.dispatcher.testing.TestBroker;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two dispatchers as processes, against a real broker, both killed while schedules fire every second. */
@Tag("server")
class ScheduleProcessTest {
    private static final List<String> NAMES = List.of("one", "two", "three", "four");
    private static final int BEFORE = 4;
    private static final int AFTER = 4;

    private final TestBroker broker = new TestBroker();

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void two_dispatchers_that_are_killed_fire_every_time_once(@TempDir Path one, @TempDir Path other) {
        for (String name : NAMES) {
            JobSchedule schedule = TestSchedules.of(name, "* * * * * *", MissedPolicy.ALL);
            broker.write(
                    Topics.SCHEDULES,
                    Facts.record(name, Facts.event(ScheduleEvents.SCHEDULE_SET, ScheduleSet.of(schedule, 1))));
        }
        try (TestBroker.Reader events = broker.reader(Topics.JOB_EVENTS)) {
            try (DispatcherProcess first = start(one);
                    DispatcherProcess second = start(other)) {
                Eventually.holds(first::output, () -> fewest(events) >= BEFORE);
                first.kill();
                second.kill();
            }
            Instant killed = latest(events);
            try (DispatcherProcess first = start(one);
                    DispatcherProcess second = start(other)) {
                Eventually.holds(() -> first.output() + second.output(), () -> firings(events).values().stream()
                        .allMatch(times -> times.lastKey().isAfter(killed.plusSeconds(AFTER))));
            }
            firings(events).forEach((name, times) -> {
                assertThat(times.values())
                        .as("%s fires once at each time", name)
                        .allMatch(count -> count == 1);
                long seconds =
                        times.lastKey().getEpochSecond() - times.firstKey().getEpochSecond() + 1;
                assertThat(times).as("%s fires at every second", name).hasSize((int) seconds);
            });
        }
    }

    private DispatcherProcess start(Path state) {
        return DispatcherProcess.start(broker.settings().bootstrap(), state, Map.of());
    }

    private static int fewest(TestBroker.Reader events) {
        Map<String, TreeMap<Instant, Integer>> firings = firings(events);
        return firings.size() < NAMES.size()
                ? 0
                : firings.values().stream().mapToInt(TreeMap::size).min().orElse(0);
    }

    private static Instant latest(TestBroker.Reader events) {
        return firings(events).values().stream()
                .map(TreeMap::lastKey)
                .max(Instant::compareTo)
                .orElseThrow();
    }

    /** How often each schedule has fired at each of its times. */
    private static Map<String, TreeMap<Instant, Integer>> firings(TestBroker.Reader events) {
        Map<String, TreeMap<Instant, Integer>> firings = new TreeMap<>();
        events.records().stream()
                .filter(event -> TestBroker.header(event, "ce_type").equals(ScheduleEvents.SCHEDULE_FIRED))
                .forEach(event -> {
                    ScheduleFired fired = read(event.value());
                    Instant plannedAt = fired.plannedAt();
                    assertThat(plannedAt).isNotNull();
                    firings.computeIfAbsent(fired.name(), _ -> new TreeMap<>()).merge(plannedAt, 1, Integer::sum);
                });
        return firings;
    }

    private static ScheduleFired read(byte[] json) {
        try {
            return Json.read(json, ScheduleFired.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
