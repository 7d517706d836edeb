package io.tailrace.dispatcher.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.contracts.job.JobCommand;
import io.tailrace.contracts.job.JobEvents;
import io.tailrace.contracts.job.JobSchedule;
import io.tailrace.contracts.job.MissedPolicy;
import io.tailrace.contracts.job.OverlapPolicy;
import io.tailrace.contracts.job.ScheduleEvents.ScheduleFired;
import io.tailrace.contracts.job.ScheduleEvents.ScheduleSkipped;
import io.tailrace.dispatcher.testing.Facts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of the firings of schedules where jobs are decided. */
class JobFiringTest {
    private static final String CHANNELS = "tailrace.channels.jobs";
    private static final Instant PLANNED = Instant.parse("2026-03-01T12:00:00Z");

    private final JobHarness jobs = new JobHarness(2);

    @AfterEach
    void close() {
        assertThat(jobs.harness().deadLetters()).isEmpty();
        jobs.close();
    }

    private static JobSchedule schedule(OverlapPolicy overlap) {
        return new JobSchedule(
                "report",
                "* * * * *",
                "UTC",
                MissedPolicy.LAST,
                overlap,
                JobHarness.QUEUE,
                JobHarness.spec("t", null),
                "1");
    }

    private void fire(JobSchedule schedule, Instant plannedAt) {
        JobCommand.Enqueue command = schedule.fire(plannedAt);
        jobs.send(
                JobHarness.QUEUE,
                JobEvents.ENQUEUE_REQUESTED,
                new JobEvents.EnqueueRequested(
                        command.commandId(), command.queue(), command.spec(), 1, command.firing()));
    }

    private List<TestRecord<byte[], byte[]>> told() {
        List<TestRecord<byte[], byte[]>> told = jobs.records(CHANNELS).stream()
                .filter(record -> Facts.text(record.key()).equals("jobs:.schedules"))
                .toList();
        assertThat(jobs.records("events").stream()
                        .filter(record -> Facts.header(record, "ce_type").startsWith("schedule_")))
                .extracting(record -> Facts.text(record.value()))
                .isEqualTo(
                        told.stream().map(record -> Facts.text(record.value())).toList());
        return told;
    }

    @Test
    void a_firing_is_a_job_and_is_told_once() {
        fire(schedule(OverlapPolicy.ALLOW), PLANNED);
        fire(schedule(OverlapPolicy.ALLOW), PLANNED);

        assertThat(jobs.released()).hasSize(1);
        assertThat(told()).singleElement().satisfies(record -> {
            assertThat(Facts.header(record, "ce_type")).isEqualTo("schedule_fired");
            assertThat(Facts.header(record, "ce_subject")).isEqualTo("jobs:.schedules");
            assertThat(JobHarness.read(record, ScheduleFired.class))
                    .isEqualTo(new ScheduleFired(
                            "report",
                            PLANNED,
                            JobHarness.QUEUE,
                            schedule(OverlapPolicy.ALLOW).fire(PLANNED).commandId()));
        });
    }

    @Test
    void a_firing_is_skipped_while_the_job_of_an_earlier_one_is_not_finished_and_that_is_told_and_counted() {
        JobSchedule schedule = schedule(OverlapPolicy.SKIP);
        fire(schedule, PLANNED);
        JobEvents.JobReleased job = jobs.released().getFirst();
        jobs.report(JobEvents.ATTEMPT_STARTED, job);
        fire(schedule, PLANNED.plusSeconds(60));

        assertThat(jobs.released()).isEmpty();
        TestRecord<byte[], byte[]> skipped = told().getLast();
        assertThat(Facts.header(skipped, "ce_type")).isEqualTo("schedule_skipped");
        assertThat(JobHarness.read(skipped, ScheduleSkipped.class))
                .isEqualTo(new ScheduleSkipped(
                        "report", PLANNED.plusSeconds(60), "overlap", 1, JobHarness.QUEUE, job.id()));
        assertThat(counted("skipped")).isEqualTo(1);

        jobs.report(JobEvents.ATTEMPT_SUCCEEDED, job);
        fire(schedule, PLANNED.plusSeconds(120));
        assertThat(jobs.released()).hasSize(1);
    }

    @Test
    void where_overlaps_are_allowed_each_firing_is_a_job() {
        fire(schedule(OverlapPolicy.ALLOW), PLANNED);
        fire(schedule(OverlapPolicy.ALLOW), PLANNED.plusSeconds(60));

        assertThat(jobs.released()).hasSize(2);
        assertThat(counted("skipped")).isZero();
    }

    @Test
    void a_firing_that_a_full_queue_refuses_is_told() {
        for (int i = 0; i < 2; i++) {
            jobs.send(
                    "other",
                    JobEvents.ENQUEUE_REQUESTED,
                    new JobEvents.EnqueueRequested(jobs.nextId(), "other", JobHarness.spec("t", null), Map.of()));
        }
        JobCommand.Enqueue command = schedule(OverlapPolicy.ALLOW).fire(PLANNED);
        jobs.send(
                "other",
                JobEvents.ENQUEUE_REQUESTED,
                new JobEvents.EnqueueRequested(command.commandId(), "other", command.spec(), 1, command.firing()));

        assertThat(JobHarness.read(told().getLast(), ScheduleSkipped.class).reason())
                .isEqualTo("queue_full");
    }

    private double counted(String what) {
        return jobs.harness().driver().metrics().entrySet().stream()
                .filter(metric -> metric.getKey().name().equals(what + "-total"))
                .mapToDouble(metric -> (Double) metric.getValue().metricValue())
                .sum();
    }
}
