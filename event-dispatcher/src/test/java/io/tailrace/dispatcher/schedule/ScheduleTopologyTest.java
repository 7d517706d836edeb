package io.tailrace.dispatcher.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tailrace.contracts.event.Event;
import io.tailrace.contracts.job.JobEvents.EnqueueRequested;
import io.tailrace.contracts.job.JobSchedule;
import io.tailrace.contracts.job.MissedPolicy;
import io.tailrace.contracts.job.OverlapPolicy;
import io.tailrace.contracts.job.ScheduleEvents.ScheduleChanged;
import io.tailrace.contracts.job.ScheduleEvents.ScheduleSkipped;
import io.tailrace.contracts.job.ScheduleFiring;
import io.tailrace.dispatcher.testing.Facts;
import io.tailrace.dispatcher.testing.StoreInMemory;
import io.tailrace.kit.cron.CronExpression;
import io.tailrace.kit.json.Json;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When schedules fire, in the topology that production runs. It is 2026-03-01T12:00:00.123Z at first. */
class ScheduleTopologyTest {
    private static final String MINUTELY = "* * * * *";

    private final ScheduleHarness schedules = new ScheduleHarness();
    private final List<ScheduleEffect> effects = new ArrayList<>();

    @AfterEach
    void close() {
        schedules.close();
    }

    private static Instant at(String time) {
        return Instant.parse("2026-03-01T" + time + "Z");
    }

    @Test
    void a_firing_is_a_command_for_the_jobs_with_an_id_of_its_schedule_and_its_time() {
        JobSchedule schedule =
                TestSchedules.of("report", MINUTELY, "Europe/Berlin", MissedPolicy.LAST, OverlapPolicy.SKIP);
        schedules.set(schedule);
        schedules.pass(59);
        assertThat(schedules.commands()).isEmpty();
        schedules.pass(1);

        TestRecord<byte[], byte[]> record = schedules.records("commands").getFirst();
        assertThat(Facts.text(record.key())).isEqualTo("default");
        assertThat(Facts.header(record, "ce_type")).isEqualTo("job_enqueue_requested");
        EnqueueRequested command = ScheduleHarness.read(record, EnqueueRequested.class);
        assertThat(command.commandId()).isEqualTo(schedule.fire(at("12:01:00")).commandId());
        assertThat(command.schedule()).isEqualTo(new ScheduleFiring("report", at("12:01:00")));
        assertThat(command.queue()).isEqualTo("default");
        assertThat(command.job().type()).isEqualTo("report");
        assertThat(command.job().uniqueKey()).isEqualTo("schedule/report");
        assertThat(command.payload()).isEqualTo(Map.of("n", 1));
        schedules.pass(120);
        assertThat(schedules.fired()).containsExactly(at("12:02:00"), at("12:03:00"));
    }

    @Test
    void what_changes_is_told_on_the_channel() {
        schedules.set(TestSchedules.of("report", MINUTELY, MissedPolicy.LAST));
        schedules.delete("report");
        schedules.delete("report");

        List<TestRecord<byte[], byte[]>> told = schedules.channel();
        assertThat(told)
                .extracting(record -> Facts.header(record, "ce_type"))
                .containsExactly("schedule_changed", "schedule_deleted");
        assertThat(told).allSatisfy(record -> {
            assertThat(Facts.text(record.key())).isEqualTo("jobs:.schedules");
            assertThat(Facts.header(record, "ce_subject")).isEqualTo("jobs:.schedules");
        });
        assertThat(ScheduleHarness.read(told.getFirst(), ScheduleChanged.class))
                .isEqualTo(new ScheduleChanged(
                        "report", MINUTELY, "UTC", "last", "allow", "default", "report", at("12:01:00")));
    }

    @Test
    void a_schedule_that_is_deleted_does_not_fire_any_more_not_even_what_was_due() {
        ScheduleTask task = task();
        task.apply(set(MINUTELY), at("12:00:30").toEpochMilli());
        // The time that has passed stands in the log behind the deletion.
        task.apply(new ScheduleFact.Deleted("report"), at("12:01:30").toEpochMilli());
        task.apply(new ScheduleFact.TimePassed(), at("12:05:00").toEpochMilli());

        assertThat(effects).noneMatch(ScheduleEffect.Fired.class::isInstance);
        assertThat(task.look(at("13:00:00").toEpochMilli())).isFalse();
    }

    @Test
    void one_that_is_set_again_and_again_fires_as_if_it_were_set_once() {
        for (int i = 0; i < 300; i++) {
            schedules.set(TestSchedules.of("report", MINUTELY, MissedPolicy.LAST));
            schedules.pass(1);
        }

        assertThat(schedules.fired())
                .containsExactly(at("12:01:00"), at("12:02:00"), at("12:03:00"), at("12:04:00"), at("12:05:00"));
    }

    @Test
    void one_that_is_changed_fires_at_its_new_times_alone() {
        schedules.set(TestSchedules.of("report", "0/10 * * * *", MissedPolicy.LAST));
        schedules.pass(300);
        schedules.set(TestSchedules.of("report", "7,20 * * * *", MissedPolicy.LAST));
        schedules.pass(1200);

        assertThat(schedules.fired()).containsExactly(at("12:07:00"), at("12:20:00"));
    }

    @ParameterizedTest
    @CsvSource({"ALL,60,0", "LAST,1,59", "NONE,0,60"})
    void after_an_hour_without_a_dispatcher_it_is_as_the_policy_says(MissedPolicy missed, int fired, int skipped) {
        schedules.set(TestSchedules.of("report", "45 * * * * *", missed));
        assertThat(schedules.channel()).hasSize(1);
        // Until 13:00:20: the last was at 12:59:45.
        schedules.restartAfter(Duration.ofSeconds(3_620));
        schedules.pass(1);

        assertThat(schedules.fired()).hasSize(fired).doesNotHaveDuplicates();
        assertThat(schedules.channel())
                .extracting(record ->
                        ScheduleHarness.read(record, ScheduleSkipped.class).count())
                .isEqualTo(skipped == 0 ? List.of() : List.of(skipped));
        schedules.pass(60);
        assertThat(schedules.fired()).containsExactly(at("13:00:45"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // Clocks in Berlin are put forward at 01:00Z on the 29th of March, and back at 01:00Z on the 25th of
                // October.
                "2026-03-28T23:10:00Z|30 2 * * *|ALL|2026-03-29T01:00:00Z",
                "2026-03-28T23:10:00Z|0 * * * *|ALL|2026-03-29T00:00:00Z 2026-03-29T01:00:00Z 2026-03-29T02:00:00Z"
                        + " 2026-03-29T03:00:00Z",
                "2026-03-28T23:10:00Z|*/30 2 * * *|ALL|",
                "2026-03-28T23:10:00Z|0 * * * *|LAST|2026-03-29T03:00:00Z",
                "2026-03-28T23:10:00Z|30 2 * * *|LAST|2026-03-29T01:00:00Z",
                "2026-03-28T23:10:00Z|30 2 * * *|NONE|",
                "2026-10-24T23:10:00Z|30 2 * * *|ALL|2026-10-25T00:30:00Z",
                "2026-10-24T23:10:00Z|0 * * * *|ALL|2026-10-25T00:00:00Z 2026-10-25T01:00:00Z 2026-10-25T02:00:00Z"
                        + " 2026-10-25T03:00:00Z",
                "2026-10-24T23:10:00Z|*/30 2 * * *|ALL|2026-10-25T00:00:00Z 2026-10-25T00:30:00Z 2026-10-25T01:00:00Z"
                        + " 2026-10-25T01:30:00Z",
                "2026-10-24T23:10:00Z|*/30 2 * * *|LAST|2026-10-25T01:30:00Z",
                "2026-10-24T23:10:00Z|30 2 * * *|NONE|"
            })
    void over_a_change_of_the_clocks_without_a_dispatcher_it_fires_as_often_as_documented(
            Instant start, String cron, MissedPolicy missed, @Nullable String fired) {
        schedules.restartAfter(Duration.between(schedules.now(), start));
        schedules.set(TestSchedules.of("report", cron, "Europe/Berlin", missed, OverlapPolicy.ALLOW));

        schedules.restartAfter(Duration.ofHours(4));
        schedules.pass(1);

        assertThat(schedules.fired())
                .isEqualTo(
                        fired == null
                                ? List.of()
                                : Stream.of(fired.split(" "))
                                        .map(Instant::parse)
                                        .toList());
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-29T00:59:50Z,30 2 * * *,2026-03-29T01:00:00Z",
        "2026-10-25T00:29:50Z,30 2 * * *,2026-10-25T00:30:00Z"
    })
    void a_dispatcher_that_runs_over_a_change_of_the_clocks_fires_once(Instant start, String cron, Instant fired) {
        schedules.restartAfter(Duration.between(schedules.now(), start));
        schedules.set(TestSchedules.of("report", cron, "Europe/Berlin", MissedPolicy.LAST, OverlapPolicy.ALLOW));
        schedules.pass(20);
        assertThat(schedules.fired()).containsExactly(fired);

        // An hour later clocks in Berlin show the same time again in October, and the next one in March.
        schedules.restartAfter(Duration.ofMinutes(59).plusSeconds(40));
        schedules.pass(20);
        assertThat(schedules.fired()).isEmpty();
    }

    @Test
    void a_clock_that_jumps_ahead_and_back_fires_nothing_early_and_nothing_twice() {
        ScheduleTask task = task();
        task.apply(set("0 * * * *"), at("12:00:30").toEpochMilli());
        effects.clear();

        assertThat(task.look(at("14:00:00").toEpochMilli())).isTrue();
        task.apply(new ScheduleFact.TimePassed(), at("12:00:31").toEpochMilli());
        assertThat(effects).isEmpty();
        task.apply(new ScheduleFact.TimePassed(), at("13:00:00").toEpochMilli());
        assertThat(effects).hasSize(1);
        assertThat(task.look(at("12:00:00").toEpochMilli())).isFalse();
        task.apply(new ScheduleFact.TimePassed(), at("12:59:59").toEpochMilli());
        task.apply(new ScheduleFact.TimePassed(), at("13:00:01").toEpochMilli());
        assertThat(effects).hasSize(1);
    }

    private static ScheduleFact set(String cron) {
        return new ScheduleFact.Set(TestSchedules.of("report", cron, MissedPolicy.ALL), CronExpression.parse(cron));
    }

    private ScheduleTask task() {
        StoreScheduleBook book = new StoreScheduleBook(new StoreInMemory().store());
        return new ScheduleTask(
                book, new FiringSettings(Duration.ofSeconds(30), Duration.ofDays(1)), 10, new ScheduleOutput() {
                    @Override
                    public void tell(ScheduleEffect effect, long nowMs) {
                        effects.add(effect);
                    }

                    @Override
                    public void tick(long nowMs) {
                        // It is read when the test wants it.
                    }
                });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "schedule_set|{}|nothing",
                "schedule_set|{'cron':'0 0 31 2 *'}|never due",
                "schedule_set|{'cron':'often'}|expected five fields",
                "schedule_set|{'cron':null}|cron",
                "schedule_set|{'time_zone':'Europe/Nowhere'}|time_zone",
                "schedule_set|{'missed':'some'}|missed",
                "schedule_set|{'overlap':'some'}|overlap",
                "schedule_set|{'name':'Report'}|name",
                "schedule_set|{'queue':'No queue'}|queue",
                "schedule_set|{'job':null}|job",
                "schedule_set|{'name':'other'}|key",
                "schedule_set|null|value",
                "schedule_stolen|{}|schedule_set"
            })
    void what_is_no_schedule_is_a_dead_letter(String type, String change, String words) throws IOException {
        String sound = "{'name':'report','cron':'* * * * *','time_zone':'UTC','missed':'all','overlap':'allow',"
                + "'queue':'default','payload':1,'job':{'type':'t','priority':5,'max_attempts':1,"
                + "'timeout_seconds':1,'retry':{'first_delay_ms':1,'longest_delay_ms':1,'give_up_on':[]}}}";
        String data = change.equals("null")
                ? change
                : ((ObjectNode) Json.mapper().readTree(sound.replace('\'', '"')))
                        .setAll((ObjectNode) Json.mapper().readTree(change.replace('\'', '"')))
                        .toString();

        schedules.input(
                "report", new Event(UUID.randomUUID().toString(), type, "/test", Facts.NOW, null, Facts.bytes(data)));

        if (words.equals("nothing")) {
            assertThat(schedules.harness().deadLetters()).isEmpty();
        } else {
            assertThat(schedules.harness().deadLetters()).hasSize(1);
            assertThat(schedules.harness().heard()).singleElement().satisfies(poison -> assertThat(poison.toString())
                    .contains(words));
        }
    }

    @Test
    void a_record_without_a_value_and_without_a_name_is_a_dead_letter() {
        schedules.delete("clock/0");

        assertThat(schedules.harness().deadLetters()).hasSize(1);
    }
}
