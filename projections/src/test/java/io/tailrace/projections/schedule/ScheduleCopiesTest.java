package io.tailrace.projections.schedule;

import static io.tailrace.projections.testing.RunningProjections.publish;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobSchedule;
import io.tailrace.contracts.job.JobSpec;
import io.tailrace.contracts.job.MissedPolicy;
import io.tailrace.contracts.job.OverlapPolicy;
import io.tailrace.contracts.job.RetryPolicy;
import io.tailrace.contracts.job.ScheduleEvents;
import io.tailrace.contracts.job.ScheduleEvents.ScheduleSet;
import io.tailrace.contracts.topic.Topics;
import io.tailrace.kit.consume.LogEntry;
import io.tailrace.kit.consume.ParsedRecord;
import io.tailrace.kit.json.Json;
import io.tailrace.kit.kafka.EventRecords;
import io.tailrace.projections.testing.RunningProjections;
import io.tailrace.projections.testing.TestBroker;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("server")
class ScheduleCopiesTest {
    private static RunningProjections projections;

    @BeforeAll
    static void start() {
        projections = new RunningProjections(Map.of());
    }

    @AfterAll
    static void stop() {
        projections.close();
    }

    private static ScheduleSet set(String name, String cron) {
        JobSpec job = new JobSpec("t", 5, null, 0, null, 0, 3, 60, null, RetryPolicy.DEFAULT);
        return ScheduleSet.of(
                new JobSchedule(name, cron, "UTC", MissedPolicy.LAST, OverlapPolicy.SKIP, "default", job, "1"), 1);
    }

    @Test
    void copies_a_schedule_as_it_was_set_last_and_forgets_it_with_its_tombstone() {
        String kept = "k" + UUID.randomUUID();
        String gone = "g" + UUID.randomUUID();
        publish(Topics.SCHEDULES, kept, ScheduleEvents.SCHEDULE_SET, set(kept, "* * * * *"));
        publish(Topics.SCHEDULES, kept, ScheduleEvents.SCHEDULE_SET, set(kept, "0 * * * *"));
        publish(Topics.SCHEDULES, gone, ScheduleEvents.SCHEDULE_SET, set(gone, "0 * * * *"));
        projections.eventually("select count(*) from schedules where name in ('" + kept + "', '" + gone + "')", "2");

        Event deletion = TestBroker.event(ScheduleEvents.SCHEDULE_DELETE_REQUESTED, "{}");
        TestBroker.shared().send(EventRecords.toTombstone(Topics.SCHEDULES, null, gone, deletion));

        projections.eventually("select count(*) from schedules where name = '" + gone + "'", "0");
        projections.eventually(
                "select definition::json ->> 'cron' from schedules where name = '" + kept + "'", "0 * * * *");
    }

    @ParameterizedTest
    @CsvSource({
        "report, schedule_set, report, 0 * * * *, Changes",
        "report, time_passed, report, 0 * * * *, Ignored",
        "other, schedule_set, report, 0 * * * *, Poison",
        "report, schedule_set, report, 0 0 31 2 *, Poison"
    })
    void what_is_no_schedule_is_no_row(String key, String type, String name, String cron, String reading) {
        Event event = new Event(
                UUID.randomUUID().toString(), type, "/test", Instant.EPOCH, null, Json.write(set(name, cron)));

        ParsedRecord<ScheduleChange> read = new ScheduleProjection().read(new LogEntry.Fact(key, event));

        assertThat(read.getClass().getSimpleName()).isEqualTo(reading);
    }
}
